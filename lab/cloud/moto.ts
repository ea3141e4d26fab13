import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";

export const MOTO = { host: "127.0.0.1", port: 5000 };

/** How long moto may take to answer, in milliseconds. */
const READY_LIMIT_MS = 30_000;

/** Starts moto and waits until it answers. @throws with where its log is when it does not. */
export async function startMoto(venv: string, labDir: string): Promise<ChildProcess> {
  const logFile = join(labDir, "logs/moto.log");
  const log = openSync(logFile, "w");
  const moto = spawn(join(venv, "bin/moto_server"), ["-H", MOTO.host, "-p", String(MOTO.port)], {
    // For the managed policy that lets Systems Manager reach nodes; and a certificate is issued a second after it was asked for.
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true", MOTO_ACM_VALIDATION_WAIT: "1" },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let ended: string | undefined;
  moto.once("exit", (code) => (ended = `moto ended with code ${String(code)}`));
  moto.once("error", (error) => (ended = `moto could not start: ${error.message}`));
  const deadline = Date.now() + READY_LIMIT_MS;
  for (;;) {
    const answer = await fetch(`http://${MOTO.host}:${MOTO.port}/moto-api/data.json`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return moto;
    if (ended) throw new Error(`${ended}; its log: ${logFile}`);
    if (Date.now() > deadline) throw new Error(`moto did not answer within ${READY_LIMIT_MS / 1000} s; its log: ${logFile}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
