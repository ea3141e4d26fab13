import { Line } from "./line";
import { nowMs, PULSE, type Pulse } from "./pulse";
import { stallOf } from "./stall";
import { type ThreadTime, threadTime } from "./thread-time";

export interface WatchArgs {
  pulse: Pulse;
  /** The agent's. */
  socketPath: string;
  /** Of the main thread, in /proc. */
  threadFolder: string;
}

/** Milliseconds without a beat from which on a loop is stalled; then it is told this often. */
const STALL_MS = 100;
const TELL_MS = 1000;
/** The watchdog was not run itself for so long, in milliseconds: it cannot know that the main thread was. */
const OVERSLEPT_MS = 100;
/** Then the main thread has this long to beat, in milliseconds. */
const GRACE_MS = 30;

/** In a thread of its own. It sleeps until the last beat is old enough to be a stall, so that it wakes ten times a second and is never late. */
export class Watch {
  readonly #pulse: Pulse;
  readonly #threadFolder: string;
  readonly #line: Line;
  #isStalled = false;
  #toldAt = 0;
  #dueAt = nowMs();
  #before: { at: number; time: ThreadTime | undefined };

  constructor({ pulse, socketPath, threadFolder }: WatchArgs) {
    this.#pulse = pulse;
    this.#threadFolder = threadFolder;
    this.#line = new Line(socketPath);
    this.#before = { at: nowMs(), time: undefined };
    this.#look();
  }

  #look(): void {
    const now = nowMs();
    const forMs = now - this.#read("beatAt");
    if (forMs < STALL_MS) {
      if (this.#isStalled) this.#line.say({ say: "over", ...this.#self() });
      this.#isStalled = false;
      this.#before = { at: now, time: threadTime(this.#threadFolder) };
      this.#lookIn(STALL_MS - forMs);
    } else if (now - this.#dueAt > OVERSLEPT_MS) {
      this.#lookIn(GRACE_MS);
    } else {
      this.#isStalled = true;
      const stall = stallOf(this.#before.time, threadTime(this.#threadFolder), now - this.#before.at);
      this.#line.say({ say: "stalled", forMs: Math.round(forMs), ...stall, ...this.#self() });
      this.#lookIn(STALL_MS);
    }
    if (now - this.#toldAt >= TELL_MS) this.#tell(now);
  }

  #lookIn(ms: number): void {
    this.#dueAt = nowMs() + ms;
    setTimeout(() => this.#look(), ms);
  }

  #tell(now: number): void {
    this.#toldAt = now;
    const delayMs = Math.round(this.#read("delayMs"));
    this.#pulse[PULSE.delayMs] = 0;
    this.#line.say({ say: "beat", heapUsed: this.#read("heapUsed"), heapLimit: this.#read("heapLimit"), delayMs, ...this.#self() });
  }

  #self = () => ({ pid: process.pid, serves: this.#read("serves") === 1 });
  #read = (what: keyof typeof PULSE): number => this.#pulse[PULSE[what]] ?? 0;
}
