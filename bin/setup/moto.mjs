import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MOTO_DIR, MOTO_VERSION, PROJECT } from "./places.mjs";
import { run, SetupError } from "./run.mjs";

const complete = join(MOTO_DIR, ".complete");

/** moto and the AWS CLI in a Python environment of their own. A virtual environment cannot be moved, so it is made in place and marked when whole. */
export const motoStep = {
  name: `moto ${MOTO_VERSION}`,
  freeMiB: 400,
  done: () => existsSync(complete),
  async make(say) {
    rmSync(MOTO_DIR, { recursive: true, force: true });
    mkdirSync(dirname(MOTO_DIR), { recursive: true });
    try {
      await run("python3", ["-m", "venv", MOTO_DIR]);
    } catch (cause) {
      throw new SetupError(`moto needs Python 3.9 or newer with venv (Debian: python3-venv): ${cause.message}`);
    }
    const requirements = join(PROJECT, "bin/setup/requirements.txt");
    await run(join(MOTO_DIR, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", requirements], { onTick: (s) => say(`${s} s`) });
    writeFileSync(complete, "");
  },
};
