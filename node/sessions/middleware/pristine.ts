type Tree = ListNode | ObjectNode | string | number | boolean | null;

class ListNode {
  constructor(readonly values: readonly Tree[]) {}
}

class ObjectNode {
  constructor(
    readonly keys: readonly string[],
    readonly values: readonly Tree[],
  ) {}
}

/** Deeper ones are not worth the risk of a full stack. */
const MOST_DEEP = 100;

/**
 * An object as its JSON text says it, to be copied and compared again and again. Both cost a tenth of reading and writing the text, for the strings
 * are shared and JavaScript engines copy an object with known keys in one go.
 */
export class Pristine {
  private constructor(
    private readonly value: object,
    private readonly tree: ListNode | ObjectNode,
  ) {}

  /** Undefined: too deep. */
  static of(value: object): Pristine | undefined {
    const tree = treeOf(value, MOST_DEEP);
    return tree === undefined ? undefined : new Pristine(value, tree as ListNode | ObjectNode);
  }

  /** The caller's own. */
  copy(): object {
    return copyOf(this.value);
  }

  /** True: JSON text of `value` is the text that this was made of, in its shortest form. False says nothing. */
  matches(value: unknown): boolean {
    return isSame(this.tree, value);
  }
}

function treeOf(value: unknown, depth: number): Tree | undefined {
  if (typeof value !== "object" || value === null) return value as Tree;
  if (depth === 0) return undefined;
  const keys = Object.keys(value);
  const values: Tree[] = [];
  for (const key of keys) {
    const node = treeOf((value as Record<string, unknown>)[key], depth - 1);
    if (node === undefined) return undefined;
    values.push(node);
  }
  return Array.isArray(value) ? new ListNode(values) : new ObjectNode(keys, values);
}

function copyOf<T extends object>(value: T): T {
  const copy = (Array.isArray(value) ? value.slice() : { ...value }) as Record<string, unknown>;
  if (Array.isArray(copy)) {
    for (let at = 0; at < copy.length; at += 1) {
      const inner: unknown = copy[at];
      if (typeof inner === "object" && inner !== null) copy[at] = copyOf(inner);
    }
    return copy as unknown as T;
  }
  for (const key in copy) {
    const inner = copy[key];
    if (typeof inner === "object" && inner !== null) copy[key] = copyOf(inner);
  }
  return copy as T;
}

/** What has another class may be written in a way of its own, and keys in another order are another text. */
function isSame(tree: Tree | undefined, value: unknown): boolean {
  if (typeof tree !== "object" || tree === null || typeof value !== "object" || value === null) return false;
  const { values } = tree;
  if (tree instanceof ListNode) {
    if (!Array.isArray(value) || Object.getPrototypeOf(value) !== Array.prototype || value.length !== values.length) return false;
    for (let at = 0; at < values.length; at += 1) {
      const inner: unknown = value[at];
      if (values[at] !== inner && !isSame(values[at], inner)) return false;
    }
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  const { keys } = tree;
  let at = 0;
  for (const key in value) {
    if (key !== keys[at]) return false;
    const inner = (value as Record<string, unknown>)[key];
    if (values[at] !== inner && !isSame(values[at], inner)) return false;
    at += 1;
  }
  return at === keys.length;
}
