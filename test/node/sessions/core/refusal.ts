import { openSessions, type SessionsOptions } from "../../../../node/sessions/open";

export interface Refusal {
  code: string;
  message: string;
  /** All that an operator was told. */
  logged: string;
}

/** How a core that cannot reach its store refuses. */
export async function refusalOf(options: SessionsOptions): Promise<Refusal> {
  const logged: unknown[] = [];
  const core = openSessions({ storeTimeoutMs: 500, log: (event, details) => logged.push([event, details]), ...options });
  try {
    await core.read("s", undefined);
    throw new Error("the store was reached");
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    return { code, message, logged: JSON.stringify(logged) };
  } finally {
    await core.close();
  }
}
