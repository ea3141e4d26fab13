import { open } from "node:fs/promises";

const LINES = 15;
const BYTES = 8192;

/** The last lines of a log, on one line, without the secrets. */
export async function lastOutput(file: string, secrets: readonly string[]): Promise<string> {
  return lastLines(await tail(file), secrets);
}

export function lastLines(text: string, secrets: readonly string[]): string {
  const lines = text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  const joined = lines.slice(-LINES).join(" | ");
  return secrets.filter((secret) => secret !== "").reduce((shown, secret) => shown.replaceAll(secret, "***"), joined);
}

async function tail(file: string): Promise<string> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (handle === undefined) return "";
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(BYTES), 0, BYTES, start);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
