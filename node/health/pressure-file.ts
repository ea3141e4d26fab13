import { readFile } from "node:fs/promises";

/**
 * Per cent of the last 10 s in which some, or all, tasks of the machine stood still for want of a thing; 0 where the kernel does not say.
 * @see https://docs.kernel.org/accounting/psi.html
 */
export async function pressureOf(what: "cpu" | "io" | "memory", who: "some" | "full"): Promise<number> {
  const text = await readFile(`/proc/pressure/${what}`, "utf8").catch(() => "");
  return Number(new RegExp(`^${who} avg10=([\\d.]+)`, "m").exec(text)?.[1] ?? 0);
}
