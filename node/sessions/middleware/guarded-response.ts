import type { ServerResponse } from "node:http";
import type { Problem } from "../http/problem";
import { HeldProperties, headersSent } from "./held-properties";
import { applyHead, type HeadArguments } from "./write-head";

/** What has to be done before a response may leave. */
export interface Departure {
  /** Undefined: nothing. Called again when the response ends after its head left. */
  commit(): Promise<void> | undefined;
  /** Set-Cookie headers for the head that leaves now. */
  cookies(): readonly string[];
  /** What the client gets in place of an answer that would not be true. */
  refusal(error: unknown): Problem;
}

type Callback = (error?: Error | null) => void;

/** What leads to the wire. */
interface Ways {
  writeHead: (...args: unknown[]) => ServerResponse;
  write: (chunk?: unknown, encoding?: unknown, callback?: unknown) => boolean;
  end: (chunk?: unknown, encoding?: unknown, callback?: unknown) => ServerResponse;
  flushHeaders: () => void;
}

const GUARD = Symbol("guard");

type Guarded = Ways & { [GUARD]?: GuardedResponse };

interface Held {
  apply: () => unknown;
  callback: Callback | undefined;
}

/** open: nothing left yet; held: the store is being asked; passing: as without us; refused: another answer was sent, what comes is thrown away. */
type State = "open" | "held" | "passing" | "refused";

/**
 * Lets nothing of a response leave before what it tells of is stored. What the program writes meanwhile is kept in order, and the stream says
 * that it is full. A response of an unchanged session passes at once.
 */
export class GuardedResponse {
  #state: State = "open";
  #hasHead = false;
  #isEnded = false;
  #isFull = false;
  #held: Held[] | undefined;
  #properties: HeldProperties | undefined;
  /** What others put there before us stays in use. */
  readonly #before: Ways;

  constructor(
    private readonly res: ServerResponse,
    private readonly departure: Departure,
  ) {
    const guarded = res as unknown as Guarded;
    const other = guarded[GUARD];
    guarded[GUARD] = this;
    if (other) {
      this.#before = waysOf(other);
      return;
    }
    const { writeHead, write, end, flushHeaders } = guarded;
    this.#before = { writeHead, write, end, flushHeaders };
    // The same functions for all: V8 takes one that is made here for one that lives long, and with it the request stays until a full collection.
    guarded.writeHead = writeHeadGuarded;
    guarded.write = writeGuarded;
    guarded.end = endGuarded;
    guarded.flushHeaders = flushHeadersGuarded;
  }

  onWriteHead(args: HeadArguments): ServerResponse {
    if (this.#state === "held") return headersSent();
    if (this.#state !== "open" || this.#hasHead || !isStatus(args[0])) return this.#sendHead(args);
    const work = this.departure.commit();
    if (work === undefined) {
      this.#state = "passing";
      return this.#sendHead(args);
    }
    work.catch(ignore);
    const head = applyHead(this.res, args);
    this.res.statusCode = head[0];
    this.#hold(work);
    this.#keep(() => this.#sendHead(head));
    return this.res;
  }

  #sendHead(args: HeadArguments): ServerResponse {
    const cookies = this.#hasHead || this.#state === "refused" ? [] : this.departure.cookies();
    this.#hasHead = true;
    if (cookies.length === 0) return this.#before.writeHead.apply(this.res, args);
    const head = applyHead(this.res, args);
    this.res.appendHeader("Set-Cookie", cookies);
    return this.#before.writeHead.apply(this.res, head);
  }

  onFlushHeaders(): void {
    if (this.#state === "refused") return;
    if (this.#mayPass()) this.#before.flushHeaders.call(this.res);
    else this.#keep(() => this.#before.flushHeaders.call(this.res));
  }

  onWrite(chunk: unknown, encoding: unknown, callback: unknown): boolean {
    const { res } = this;
    if (this.#state === "refused") {
      process.nextTick(callbackOf(encoding, callback) ?? ignore, refused());
      return true;
    }
    // What Node.js refuses, it refuses at once.
    const isChunk = typeof chunk === "string" || chunk instanceof Uint8Array;
    if (!isChunk || this.#mayPass()) return this.#before.write.call(res, chunk, encoding, callback);
    this.#keep(() => this.#before.write.call(res, chunk, encoding, callback), callbackOf(encoding, callback));
    this.#isFull = true;
    this.#properties?.needsDrain();
    return false;
  }

  onEnd(chunk: unknown, encoding: unknown, callback: unknown): ServerResponse {
    const { res } = this;
    if (this.#state === "refused") return this.#before.end.call(res, callbackOf(chunk, encoding, callback));
    if (this.#state === "passing" && !this.#isEnded) this.#hold(this.departure.commit());
    this.#isEnded = true;
    if (this.#mayPass()) return this.#before.end.call(res, chunk, encoding, callback);
    this.#keep(() => this.#before.end.call(res, chunk, encoding, callback), callbackOf(chunk, encoding, callback));
    this.#properties?.ended();
    return res;
  }

  #mayPass(): boolean {
    if (this.#state === "open") {
      this.#state = "passing";
      this.#hold(this.departure.commit());
    }
    return this.#state === "passing";
  }

  #keep(apply: () => unknown, callback?: Callback): void {
    (this.#held ??= []).push({ apply, callback });
  }

  #taken(): Held[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held;
  }

  #hold(work: Promise<void> | undefined): void {
    if (work === undefined) return;
    this.#state = "held";
    this.#properties = new HeldProperties(this.res);
    this.#properties.headSent();
    work.then(
      () => this.#release(),
      (error: unknown) => this.#refuse(error),
    );
  }

  #release(): void {
    this.#properties?.restore();
    this.#state = "passing";
    const held = this.#taken();
    try {
      let room: unknown = true;
      for (const { apply } of held) room = apply();
      // Otherwise Node.js says it, when its own buffer is empty.
      if (this.#isFull && room !== false && !this.res.writableEnded) this.res.emit("drain");
      this.#isFull = false;
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    const { res } = this;
    this.#properties?.restore();
    this.#state = "refused";
    for (const { callback } of this.#taken()) if (callback) process.nextTick(callback, refused());
    const problem = this.departure.refusal(error);
    // A part of the answer left already: an end that is missing is the only way to say that it is not true.
    if (res.headersSent) res.destroy();
    else this.#answer(problem);
    // Sources that waited run out, into nothing, and end.
    if (this.#isFull) res.emit("drain");
  }

  #answer(problem: Problem): void {
    const { res } = this;
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    res.statusMessage = "";
    const body = problem.body();
    const headers = { "Content-Type": "application/problem+json", "Content-Length": Buffer.byteLength(body), "Cache-Control": "no-store" };
    this.#before.writeHead.call(res, problem.status, { ...problem.headers, ...headers });
    if (this.#isEnded) {
      this.#before.end.call(res, body);
      return;
    }
    // The client has it all; the program ends it when it is done. To end it now would leave its sources waiting for ever.
    this.#before.flushHeaders.call(res);
    this.#before.write.call(res, body);
  }
}

const ignore = (): undefined => undefined;

const isStatus = (status: number): boolean => status >= 100 && status <= 999;

const callbackOf = (...args: unknown[]): Callback | undefined => args.find((arg) => typeof arg === "function") as Callback | undefined;

const refused = (): Error => new Error("the response was replaced: what it told of could not be stored");

const guardOf = (res: Guarded): GuardedResponse => res[GUARD] as GuardedResponse;

function writeHeadGuarded(this: Guarded, ...args: unknown[]): ServerResponse {
  return guardOf(this).onWriteHead(args as HeadArguments);
}

function writeGuarded(this: Guarded, chunk?: unknown, encoding?: unknown, callback?: unknown): boolean {
  return guardOf(this).onWrite(chunk, encoding, callback);
}

function endGuarded(this: Guarded, chunk?: unknown, encoding?: unknown, callback?: unknown): ServerResponse {
  return guardOf(this).onEnd(chunk, encoding, callback);
}

function flushHeadersGuarded(this: Guarded): void {
  guardOf(this).onFlushHeaders();
}

/** Of a response that has a guard already: the newer guard comes first. */
const waysOf = (guard: GuardedResponse): Ways => ({
  writeHead: (...args) => guard.onWriteHead(args as HeadArguments),
  write: (chunk, encoding, callback) => guard.onWrite(chunk, encoding, callback),
  end: (chunk, encoding, callback) => guard.onEnd(chunk, encoding, callback),
  flushHeaders: () => guard.onFlushHeaders(),
});
