import { setTimeout as delay } from "node:timers/promises";

/** Waits for a condition. @throws Error that names what did not happen within the limit */
export async function until(what: string, condition: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${limitMs} ms`);
    await delay(5);
  }
}
