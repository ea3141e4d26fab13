import { readFileSync } from "node:fs";
import { join } from "node:path";
import { labFileSchema } from "../../contract/lab-file";
import { get, nplus1, status, testLabDir, until } from "./lab";
import { NO_TRACES, traces } from "./traces";

const MINUTE = 60_000;

describe("a lab that crashes", () => {
  afterAll(async () => {
    await nplus1(["lab", "down"]);
  }, MINUTE);

  test(
    "leaves no process, namespace, mount or firewall rule behind, and the next lab up just works",
    async () => {
      await nplus1(["lab", "down"]);
      expect((await nplus1(["lab", "up"])).code).toBe(0);
      const lab = labFileSchema.parse(JSON.parse(readFileSync(join(testLabDir, "lab.json"), "utf8")));
      process.kill(lab.pid, "SIGKILL");
      await until(
        "no trace of the lab",
        async () => traces(),
        (seen) => JSON.stringify(seen) === JSON.stringify(NO_TRACES),
        10_000,
      );
      const again = await nplus1(["lab", "up"]);
      expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("serving after")]);
      expect((await get((await status()).url)).status).toBe(200);
    },
    4 * MINUTE,
  );
});
