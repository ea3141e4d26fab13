import { judgeCounter } from "./counter";
import { grouped } from "./grouped";
import type { Operation, Violation } from "./operation";
import { judgeRegister } from "./register";

export interface JudgeOptions {
  /**
   * How late a client may see what others wrote, in milliseconds: for stores whose caches hold a lease. 0, the default, asks for linearizability.
   * What a client itself wrote or saw binds it at once, always.
   */
  stalenessMs?: number;
}

/** What a history of operations on sessions shows to be broken; nothing when it keeps every promise. */
export function judge(history: readonly Operation[], { stalenessMs = 0 }: JudgeOptions = {}): Violation[] {
  const keys = grouped(history, ({ session, key }) => JSON.stringify([session, key]));
  return [...keys.values()].flatMap((operations) => {
    const { session = "", key = "" } = operations[0] ?? {};
    const added = operations.some(({ kind }) => kind === "add");
    const written = operations.some(({ kind }) => kind === "write");
    if (added && written) throw new Error(`history: ${session}/${key} must be written or added to, not both`);
    const isCounter = added || (!written && operations.every(({ value }) => typeof value === "number"));
    const findings = isCounter ? judgeCounter(operations, stalenessMs) : judgeRegister(operations, stalenessMs);
    return findings.map((finding) => ({ session, key, ...finding }));
  });
}
