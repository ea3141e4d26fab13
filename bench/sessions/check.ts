import type { Client } from "./client";
import type { Program } from "./program";

/** Of a session's size that is asked for; express-session adds its cookie. */
const SIZE_TOLERANCE_BYTES = 250;

/** The program keeps sessions, or its numbers say nothing. Learns what the layer's scripts call, too. @throws Error that says what was wrong */
export async function check(program: Program, bytes: number): Promise<void> {
  if (program.layer === "none") return;
  const [one, other] = [program.newClient(), program.newClient()];
  const use = async (): Promise<void> => {
    const size = await program.connected((connection) => one.logIn(connection, bytes));
    expect(Math.abs(size - bytes) <= SIZE_TOLERANCE_BYTES, `a session of ${bytes} bytes has ${size}`);
    await program.connected((connection) => other.logIn(connection, bytes));
    for (let n = 0; n < 3; n += 1) await program.connected((connection) => one.modify(connection));
    await checkCounts(program, [one, other]);
  };
  const called = program.hasStore ? await program.place.server.watched(use) : (await use(), []);
  if (called.length > 0) program.scripted = new Set(called.filter(({ inScript }) => inScript).map(({ command }) => command));
  const stranger = await program.connected((connection) => program.newClient().visits(connection)).catch((error: Error) => error.message);
  expect(/was answered 401/.test(String(stranger)), `a client without cookies was answered: ${stranger}`);
}

/** Each session has counted every modification that was acknowledged, and no other. */
export async function checkCounts(program: Program, clients: readonly Client[]): Promise<void> {
  if (program.layer === "none") return;
  await program.connected(async (connection) => {
    for (const client of clients) {
      const visits = await client.visits(connection);
      expect(visits === client.acknowledged, `client ${client.number}: ${client.acknowledged} modifications were acknowledged, ${visits} are there`);
    }
  });
}

function expect(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}
