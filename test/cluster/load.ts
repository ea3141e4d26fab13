import { get } from "./lab";

export interface Load {
  /** Ends the load and tells what happened. */
  stop(): Promise<{ requests: number; failures: string[] }>;
}

/** A few clients that ask one after another, without cookies, until told to stop. Every answer that is not 200 is a failure. */
export function startLoad(url: string, clients = 4): Load {
  let running = true;
  let requests = 0;
  const failures: string[] = [];
  const client = async (): Promise<void> => {
    while (running) {
      requests += 1;
      await get(url).then(
        (answer) => answer.status === 200 || failures.push(`status ${answer.status}: ${answer.body.slice(0, 200)}`),
        (error: Error) => failures.push(error.message),
      );
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    async stop() {
      running = false;
      await all;
      return { requests, failures };
    },
  };
}
