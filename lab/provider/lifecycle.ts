import { DEFAULTS } from "./check";
import { changedKeys } from "./diff";
import { type Properties, Unknown, without } from "./property-values";
import { type Call, isUnordered, onChange, type Resource } from "./resource";
import { isAsDeclared, isSame } from "./same-value";
import { isNotFound } from "./wait";

/** It exists, but is not what was asked for: the engine keeps it in the state, so that the next update or destroy finds it. */
export class InitFailed extends Error {
  override readonly name = "InitFailed";

  constructor(
    readonly id: string,
    readonly state: Properties,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

export async function create(resource: Resource, inputs: Properties, call: Call): Promise<{ id: string; state: Properties }> {
  const own = ownInputs(inputs);
  const made = await resource.create(own, call);
  const { id, computed } = typeof made === "string" ? { id: made, computed: {} } : made;
  return { id, state: await settled(resource, id, own, { ...own, ...computed }, call, "create") };
}

export interface Updated {
  olds: Properties;
  news: Properties;
  /** Before the update. */
  state: Properties;
}

export async function update(resource: Resource, id: string, { olds, news, state }: Updated, call: Call): Promise<Properties> {
  const [before, own] = [ownInputs(olds), ownInputs(news)];
  const changed = new Set(changedKeys(resource, before, own));
  await resource.update?.(id, { olds: before, news: own, has: (...keys) => keys.some((key) => changed.has(String(key))) }, call);
  return settled(resource, id, own, { ...computedOf(resource, state), ...own }, call, "update");
}

/** The state and the inputs as they are now, or nothing when it is gone. */
export async function read(resource: Resource, id: string, inputs: Properties, state: Properties, call: Call) {
  const known = { ...state, ...ownInputs(inputs) };
  const live = await unlessGone(() => resource.read(id, known, call));
  if (!live) return undefined;
  const found = merge(resource, Object.keys(state).length > 0 ? known : {}, withRegion(resource, live, call));
  return { state: found, inputs: Object.keys(inputs).length > 0 ? liveInputs(inputs, found) : importedInputs(resource, found) };
}

export async function remove(resource: Resource, id: string, state: Properties, call: Call): Promise<void> {
  try {
    await resource.delete(id, state, call);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    // Something was not found: done only if it was this.
    if (await unlessGone(() => resource.read(id, state, call))) throw error;
  }
}

/** The inputs, and everything AWS will decide as unknown. */
export function previewCreate(resource: Resource, inputs: Properties): Properties {
  return { ...ownInputs(inputs), ...Object.fromEntries(Object.keys(resource.computed).map((key) => [key, Unknown.value])) };
}

export function previewUpdate(resource: Resource, state: Properties, news: Properties): Properties {
  const changing = Object.keys(resource.computed).filter((key) => resource.computed[key] === "changes");
  return { ...ownInputs(news), ...computedOf(resource, state), ...Object.fromEntries(changing.map((key) => [key, Unknown.value])) };
}

const computedOf = (resource: Resource, state: Properties): Properties =>
  Object.fromEntries(Object.entries(state).filter(([key]) => key in resource.computed));

type After = "create" | "update";

async function settled(resource: Resource, id: string, inputs: Properties, known: Properties, call: Call, after: After): Promise<Properties> {
  try {
    await resource.settle?.(id, inputs, call, after);
    return await stateOf(resource, id, known, call);
  } catch (error) {
    const state = await stateOf(resource, id, known, call).catch(() => known);
    throw new InitFailed(id, state, error);
  }
}

async function stateOf(resource: Resource, id: string, known: Properties, call: Call): Promise<Properties> {
  const live = await resource.read(id, known, call);
  if (!live) throw new Error(`${resource.type} ${id} is gone right after it was written`);
  return merge(resource, known, withRegion(resource, live, call));
}

/** Live values, in the words of the inputs where both say the same. */
function merge(resource: Resource, known: Properties, live: Properties): Properties {
  const told = Object.entries(live).filter(([key, value]) => value !== undefined && !isDeclared(resource, key, known[key], value));
  const gone = Object.keys(live).filter((key) => live[key] === undefined && key in resource.computed);
  return { ...known, ...Object.fromEntries(told), ...Object.fromEntries(gone.map((key) => [key, undefined])) };
}

function isDeclared(resource: Resource, key: string, known: unknown, live: unknown): boolean {
  if (known === undefined) return false;
  if (key in resource.computed || key === "tagsAll") return isSame(known, live);
  return isAsDeclared(known, live, isUnordered(resource, key));
}

const liveInputs = (inputs: Properties, state: Properties): Properties =>
  Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, key === DEFAULTS ? value : state[key]]));

const importedInputs = (resource: Resource, state: Properties): Properties =>
  Object.fromEntries(Object.entries(state).filter(([key]) => onChange(resource, key) !== undefined));

const withRegion = (resource: Resource, live: Properties, call: Call): Properties => (resource.regional ? { region: call.region, ...live } : live);

const ownInputs = (inputs: Properties): Properties => without(inputs, DEFAULTS);

async function unlessGone<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
