import { readdir, readFile } from "node:fs/promises";

/** A tree is believed this long, in milliseconds: reading all of /proc costs. */
const BELIEVED_MS = 2000;

/** The application's main process and all that it started, as far as they still are its children. */
export class ProcessTree {
  readonly #main: () => Promise<number | undefined>;
  readonly #clock: () => number;
  #tree: number[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(main: () => Promise<number | undefined>, clock: () => number) {
    this.#main = main;
    this.#clock = clock;
  }

  async pids(): Promise<number[]> {
    const main = await this.#main();
    if (main === undefined) return [];
    if (this.#tree[0] === main && this.#clock() - this.#readAt < BELIEVED_MS) return this.#tree;
    this.#readAt = this.#clock();
    this.#tree = treeOf(main, await parents());
    return this.#tree;
  }
}

/** The root first. */
export function treeOf(root: number, parentOf: ReadonlyMap<number, number>): number[] {
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parentOf) if (parent === pid && !tree.includes(child)) tree.push(child);
  return tree;
}

async function parents(): Promise<Map<number, number>> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const pairs = await Promise.all(
    pids.map(async (pid): Promise<[number, number]> => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      return [Number(pid), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])];
    }),
  );
  return new Map(pairs);
}
