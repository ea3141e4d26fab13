import { act, type Hands } from "./act";
import { decide } from "./decide";
import { blank, look, type Sources } from "./look";
import type { Memory, Watch } from "./memory";
import type { Counted } from "./metrics";
import type { Seen } from "./seen";

/** Milliseconds from one look's beginning to the next one's. */
const EVERY_MS = 5000;
/** A look that begins with less than this left could be cut off, in milliseconds. */
const RESERVE_MS = 10_000;

export interface RunParts {
  sources: Sources;
  hands: Hands;
  keepWatch: (watch: Watch) => Promise<void>;
  pause: (ms: number) => Promise<void>;
  /** Milliseconds until Lambda ends this. */
  remaining: () => number;
  log: (entry: object) => void;
}

/** Looks and acts every 5 s for as long as this run lasts. Answers with what each look counted. */
export async function run({ sources, hands, keepWatch, pause, remaining, log }: RunParts): Promise<Counted[]> {
  const looks: Counted[] = [];
  let last: Memory = blank;
  let failure: unknown;
  while (remaining() > RESERVE_MS) {
    const began = hands.now();
    try {
      const { seen, memory, fleet } = await look(sources, last);
      const decision = decide(seen, memory, hands.now());
      // Kept before anything is done: how long a node has been silent must outlive a run that ends here.
      if (seen.storeAway === null) await keepWatch(decision.watch);
      const watch = await act(decision.actions, decision.watch, hands);
      if (seen.storeAway === null && watch !== decision.watch) await keepWatch(watch);
      last = { ...memory, watch };
      const counted = count(seen, [...fleet.healthyTargets].filter((id) => fleet.inService.includes(id)).length, decision.commonCause);
      looks.push(counted);
      failure = undefined;
      if (decision.actions.length > 0) log({ seen, actions: decision.actions });
    } catch (error) {
      // The next look may have better luck; a run that ends like this fails, and its alarm with it.
      failure = error;
      log({ lookFailed: (error as Error).message });
    }
    if (remaining() <= RESERVE_MS) break;
    await pause(Math.max(0, EVERY_MS - (hands.now() - began)));
  }
  if (failure !== undefined && looks.length === 0) throw failure as Error;
  return looks;
}

const OUT = ["quarantined", "repairing", "verifying"];

const count = ({ nodes }: Seen, serving: number, commonCause: boolean): Counted => ({
  serving,
  quarantined: nodes.filter(({ state }) => state !== null && OUT.includes(state)).length,
  commonCause,
});
