import { SERVER, type Watched } from "./program";

const HOLD = {
  busy: "const end = now() + ms; while (now() < end);",
  stuck: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);",
};

/** A server whose event loop stalls `count` times for `ms`; prints when each stall began and ended, by the clock that all processes share. */
const script = (how: keyof typeof HOLD, count: number, ms: number) => `${SERVER}
const now = () => Number(process.hrtime.bigint()) / 1e6;
const stall = (ms) => { ${HOLD[how]} };
let left = ${count};
const next = () => setTimeout(() => {
  const from = now(); stall(${ms}); console.log(JSON.stringify([from, now()]));
  if (--left > 0) next(); else setTimeout(() => process.exit(), 300);
}, 170 + Math.random() * 60);
setTimeout(next, 1200);`;

/** A stall can begin while the loop is held up already, and is then seen sooner: by less than the pause between two, in milliseconds. */
const HELD_UP_MS = 150;

/** Milliseconds from each stall's beginning to when it was seen; undefined for one that was not seen while it lasted. */
export async function seenAfter(watched: Watched, how: keyof typeof HOLD, count: number, ms: number): Promise<(number | undefined)[]> {
  const { text } = await watched.start(script(how, count, ms)).ended;
  const stalls = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as [number, number]);
  return stalls.map(([from, to]) => {
    const seen = watched.stalls.find(({ at }) => at > from - HELD_UP_MS && at < to);
    return seen && Math.max(0, seen.at - from);
  });
}
