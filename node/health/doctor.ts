import type { Evidence } from "./evidence";
import { advance, type Input, type Outcome } from "./ladder";
import type { LadderEvent } from "./ladder-moves";
import type { LadderPolicy } from "./ladder-policy";
import type { ActionKind, Ladder } from "./ladder-state";
import { type Verdict, judge, type VerdictPolicy } from "./verdict";
import type { LookOut } from "./look-out";

export interface DoctorArgs {
  /** Where the node is, from its file or at the start. */
  ladder: Ladder;
  lookOut: LookOut;
  policy: LadderPolicy;
  verdictPolicy: VerdictPolicy;
  /** Milliseconds since boot. */
  clock: () => number;
  /** Does it, within its own limit. What it throws is its failure. */
  act: (action: ActionKind, ladder: Ladder) => Promise<Outcome>;
  /** Keeps the ladder for the next agent. Must be done when it returns: an action is begun only after that. */
  keep: (ladder: Ladder) => void;
  tell: (event: LadderEvent) => void;
  /** After each move. */
  onMove: (ladder: Ladder, verdict: Verdict, before: Ladder) => void;
}

/** A look waits for its slowest probe, but no longer than this, in milliseconds. */
const LOOK_WAIT_MS = 220;

const BEFORE_FIRST_LOOK: Verdict = { level: "bad", fault: undefined, isSure: false, reasons: ["not verified yet"] };

/** Moves a node on its ladder: looks, and does what the ladder says. */
export class Doctor {
  readonly #args: DoctorArgs;
  #ladder: Ladder;
  #verdict: Verdict = BEFORE_FIRST_LOOK;
  #isOff = false;
  #underWay: Promise<void> = Promise.resolve();

  constructor(args: DoctorArgs) {
    this.#args = args;
    this.#ladder = args.ladder;
  }

  /** What the last look found, probe by probe. */
  evidence: Evidence[] = [];

  get ladder(): Ladder {
    return this.#ladder;
  }

  async look(): Promise<void> {
    const { lookOut, clock, verdictPolicy } = this.#args;
    this.evidence = await lookOut.look(clock(), LOOK_WAIT_MS);
    this.#verdict = judge(this.evidence, verdictPolicy);
    this.#move({ kind: "look", now: clock(), verdict: this.#verdict });
  }

  /** The node is on its way out: nothing more is begun, and what is under way is waited for. */
  async stop(): Promise<void> {
    this.#isOff = true;
    await this.#underWay;
  }

  #move(input: Input): void {
    if (this.#isOff) return;
    const { policy, keep, tell, onMove } = this.#args;
    const before = this.#ladder;
    const { ladder, action, events } = advance(before, input, policy);
    this.#ladder = ladder;
    if (action !== undefined || ladder.step !== before.step || ladder.busy !== before.busy) keep(ladder);
    for (const event of events) tell(event);
    onMove(ladder, this.#verdict, before);
    if (action !== undefined) this.#underWay = this.#do(action, ladder);
  }

  async #do(action: ActionKind, ladder: Ladder): Promise<void> {
    const outcome = await this.#args.act(action, ladder).catch((error: Error): Outcome => ({ result: "failed", reason: error.message }));
    // What was seen of the application before says nothing of the one after.
    if (action === "restart" || action === "restart-gate") this.#args.lookOut.forget();
    this.#move({ kind: "done", now: this.#args.clock(), action, outcome });
  }
}
