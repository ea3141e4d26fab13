import { get } from "node:http";
import { AGENT_PATH } from "../../contract/health";

/** Milliseconds: the gate answers for an agent that has not after 2 s, and that answer is waited for. */
const ANSWER_LIMIT_MS = 3000;

export interface NodeAnswer {
  gateAnswers: boolean;
  agentAnswers: boolean;
}

/** Asks a node's agent through its gate, from outside as a load balancer would. */
export function askNode(ip: string, port: number, limitMs: number = ANSWER_LIMIT_MS): Promise<NodeAnswer> {
  return new Promise((resolve) => {
    const request = get({ host: ip, port, path: AGENT_PATH, agent: false, signal: AbortSignal.timeout(limitMs) }, (response) => {
      response.resume();
      response.once("error", () => undefined);
      resolve({ gateAnswers: true, agentAnswers: response.statusCode === 200 });
    });
    // Refused, out of time or broken off: each is no answer.
    request.once("error", () => resolve({ gateAnswers: false, agentAnswers: false }));
  });
}
