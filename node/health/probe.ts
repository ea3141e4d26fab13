import type { Evidence, Fault } from "./evidence";

/** One thing that is looked at. Evidence must come from the sick thing, the answer from something that is not. */
export interface Probe {
  readonly name: string;
  /** A look that takes longer is late, in milliseconds. The next one begins only when it has ended. */
  readonly limitMs: number;
  /** What a late look is evidence of. */
  readonly late: Pick<Fault, "level" | "cause">;
  /** `now` in milliseconds, of a clock that only goes forward. */
  look(now: number): Promise<Evidence>;
  /** The application is another process now: what was seen of the one before says nothing any more. */
  forget?(): void;
}
