import { LRUCache } from "lru-cache";
import type { Snapshot, Version } from "./model";
import { memoryBytes } from "./snapshot";
import { descends, includes, sameVersion } from "./version";

/** Ids of destroyed sessions that are remembered, to be told to a store that forgot them. */
const MOST_GONE = 10_000;

/** A copy of a session. */
export interface Entry {
  snapshot: Snapshot;
  /** The link's generation when the store last confirmed the copy; an earlier one may have missed news. */
  generation: number;
  /** The last version that the news told of, when the copy does not have it. */
  ahead: Version | undefined;
  /** Whether news came that the next invalidation belongs to. */
  isExplained: boolean;
  /** When the end was last told to the store. */
  pushedAt: number;
}

/** An answer of the store is on its way; what the news says meanwhile counts for it. */
export interface Question {
  told: Version | undefined;
  isExplained: boolean;
  /** The key was changed by no script of ours. */
  isDoubtful: boolean;
  /** Everything was. */
  isUnconfirmed: boolean;
}

/** The copies in this process, bounded, and what is known to make each of them unsafe. */
export class Memory {
  readonly #entries: LRUCache<string, Entry>;
  readonly #questions = new Map<string, Set<Question>>();
  readonly gone = new LRUCache<string, Version>({ max: MOST_GONE });

  constructor(maxBytes: number) {
    this.#entries = new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ snapshot }) => memoryBytes(snapshot) });
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** Of the copies, as estimated. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  /** Most recently used first. */
  all(): Entry[] {
    return [...this.#entries.values()];
  }

  /** Before the store is asked about a session; `settle` or `leave` must follow. */
  ask(id: string): Question {
    const question = { told: undefined, isExplained: false, isDoubtful: false, isUnconfirmed: false };
    const others = this.#questions.get(id);
    if (others) others.add(question);
    else this.#questions.set(id, new Set([question]));
    return question;
  }

  /**
   * The store's answer becomes the copy, unless a newer one is there. Returned is the copy that the answer does not contain: the store has lost it,
   * and it stays until it is given back.
   */
  settle(question: Question, snapshot: Snapshot, generation: number, pushedAt: number): Snapshot | undefined {
    const { id } = snapshot;
    this.leave(id, question);
    if (this.isGone(snapshot)) return undefined;
    this.gone.delete(id);
    const before = this.#entries.peek(id);
    if (question.isDoubtful) {
      this.#entries.delete(id);
      return undefined;
    }
    if (before && performance.now() < before.snapshot.endsAt && !descends(snapshot, before.snapshot)) {
      // Confirmed after this answer was given, which was held back until a replica had it.
      const isLate = before.generation === generation && !question.isUnconfirmed && descends(before.snapshot, snapshot);
      return isLate ? undefined : before.snapshot;
    }
    const told = question.told ?? before?.ahead;
    this.#entries.set(id, {
      snapshot,
      generation: question.isUnconfirmed ? -1 : generation,
      ahead: told && !includes(snapshot, told) ? told : undefined,
      isExplained: question.isExplained || (before?.isExplained ?? false),
      pushedAt,
    });
    return undefined;
  }

  leave(id: string, question: Question): void {
    const others = this.#questions.get(id);
    others?.delete(question);
    if (others?.size === 0) this.#questions.delete(id);
  }

  drop(id: string): void {
    this.#entries.delete(id);
  }

  /** Destroyed by someone, as far as is known here, and not created again since. */
  isGone({ id, born }: Snapshot): boolean {
    const gone = this.gone.get(id);
    return gone !== undefined && gone.n >= born;
  }

  /** One that was created after that stays: the store has lost it. False: it stays. */
  bury(id: string, version: Version): boolean {
    const entry = this.#entries.peek(id);
    if (entry && entry.snapshot.born > version.n) {
      entry.generation = -1;
      return false;
    }
    this.#entries.delete(id);
    this.gone.set(id, version);
    return true;
  }

  /** A version was stored by someone, perhaps by this process. */
  tell(id: string, version: Version): void {
    for (const question of this.#asked(id)) {
      question.told = version;
      question.isExplained = true;
    }
    const entry = this.#entries.peek(id);
    if (entry === undefined) return;
    entry.isExplained = true;
    if (sameVersion(version, entry.snapshot.version)) entry.ahead = undefined;
    else if (!includes(entry.snapshot, version)) entry.ahead = version;
    // Older than the copy: the store has gone back.
    else entry.generation = -1;
  }

  /** Someone destroyed the session. */
  tellDestroyed(id: string, version: Version): void {
    this.tell(id, version);
    this.bury(id, version);
  }

  /** The key changed. Without news it was no script of ours: the copy is worth nothing. */
  invalidate(id: string): void {
    const entry = this.#entries.peek(id);
    const questions = this.#asked(id);
    const isExplained = entry?.isExplained === true || questions.some((question) => question.isExplained);
    for (const question of questions) {
      question.isDoubtful ||= !isExplained;
      question.isExplained = false;
    }
    if (entry === undefined) return;
    entry.isExplained = false;
    if (!isExplained) this.#entries.delete(id);
  }

  /** Everything changed: no copy is confirmed any more. */
  doubtAll(): void {
    for (const questions of this.#questions.values()) for (const question of questions) question.isUnconfirmed = true;
    for (const entry of this.#entries.values()) entry.generation = -1;
  }

  #asked(id: string): Question[] {
    return [...(this.#questions.get(id) ?? [])];
  }
}
