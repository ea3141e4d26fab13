export interface ProbeArgs {
  url: string;
  timeoutMs: number;
}

/** Asks the application's health path. Undefined when it answered 2xx or 3xx in time, else why not, as a sentence. */
export async function probe({ url, timeoutMs }: ProbeArgs): Promise<string | undefined> {
  const path = new URL(url).pathname;
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    await response.arrayBuffer();
    return response.status < 400 ? undefined : `the health path ${path} answered ${response.status}`;
  } catch (error) {
    const timedOut = (error as Error).name === "TimeoutError";
    return timedOut ? `the health path ${path} did not answer within ${timeoutMs} ms` : `the health path ${path} could not be reached`;
  }
}
