import { type Privilege, refusal } from "./inner-world";

/** The same tests in a root's and in an ordinary user's inner world, as far as this machine allows each. */
export function describeWorlds(tests: (privilege: Privilege) => void): void {
  for (const privilege of ["root", "ordinary user"] as const) {
    const reason = refusal(privilege);
    if (reason === undefined) {
      describe(`the machine as ${privilege}`, () => tests(privilege));
    } else {
      process.stderr.write(`the machine as ${privilege}: skipped, ${reason}\n`);
      test.skip(`the machine as ${privilege}: ${reason}`, () => undefined);
    }
  }
}
