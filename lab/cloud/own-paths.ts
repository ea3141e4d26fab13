import type { IncomingMessage, ServerResponse } from "node:http";
import type { SessionStoreController } from "./session-store/session-store-controller";
import { cloudHostPid, labStatus, OUTSIDE, type StatusParts } from "./status";

export interface OwnPathsParts extends Pick<StatusParts, "autoScaling" | "balancers" | "instances"> {
  sessionStores: SessionStoreController;
  stop: () => Promise<void>;
}

/** `/_lab/…`: what the command line and the daemon ask of the lab, on this machine's side of the endpoint only. */
export function ownPaths({ sessionStores, stop, ...parts }: OwnPathsParts) {
  const status: StatusParts = { ...parts, sessionStores };
  const paths: Record<string, () => Promise<unknown>> = {
    "GET /_lab/status": () => labStatus(status),
    // Namespaces that have a name on this machine.
    "GET /_lab/netns": async () => {
      const enis = [...parts.instances.enis(), ...parts.balancers.enis(), ...sessionStores.enis()];
      return { cloudHostPid: cloudHostPid(), netns: [OUTSIDE.netns, ...new Set(enis.map(({ netns }) => netns))] };
    },
    "POST /_lab/stop": async () => {
      setImmediate(() => void stop());
      return {};
    },
  };
  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const answer = (code: number, body: unknown): void =>
      void outgoing.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
    const path = paths[`${incoming.method ?? ""} ${incoming.url ?? ""}`];
    if (!path) return answer(404, { error: "no such path" });
    path().then(
      (body) => answer(200, body),
      (error: Error) => answer(500, { error: error.message }),
    );
  };
}
