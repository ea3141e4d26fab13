import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { faultSchema } from "./faults/fault";
import type { Faults } from "./faults/faults";
import { FUNCTIONS_NETNS } from "../machine/names";
import type { Serverless } from "./serverless";
import type { SessionStoreController } from "./session-store/session-store-controller";
import { cloudHostPid, labStatus, OUTSIDE, type StatusParts } from "./status";

export interface OwnPathsParts extends Pick<StatusParts, "autoScaling" | "balancers" | "instances"> {
  sessionStores: SessionStoreController;
  faults: Faults;
  serverless: Pick<Serverless, "enis" | "events">;
  stop: () => Promise<void>;
}

/** `/_lab/…`: what the command line and the daemon ask of the lab, on this machine's side of the endpoint only. */
export function ownPaths({ sessionStores, faults, serverless, stop, ...parts }: OwnPathsParts) {
  const status: StatusParts = { ...parts, sessionStores };
  const paths: Record<string, (incoming: IncomingMessage) => Promise<unknown>> = {
    "GET /_lab/status": () => labStatus(status),
    // Namespaces that have a name on this machine.
    "GET /_lab/netns": async () => {
      const enis = [...parts.instances.enis(), ...parts.balancers.enis(), ...sessionStores.enis(), ...serverless.enis()];
      return { cloudHostPid: cloudHostPid(), netns: [OUTSIDE.netns, FUNCTIONS_NETNS, ...new Set(enis.map(({ netns }) => netns))] };
    },
    // The last events of all buses, oldest first; all of them are in logs/events.jsonl.
    "GET /_lab/events": async () => ({ events: serverless.events() }),
    "GET /_lab/store": () => sessionStores.nodeStates(),
    // A drill's: breaks something; ends what was broken for a time.
    "POST /_lab/faults": async (incoming) => {
      await faults.inject(faultSchema.parse(await json(incoming)));
      return {};
    },
    "DELETE /_lab/faults": async () => {
      await faults.end();
      return {};
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
    path(incoming).then(
      (body) => answer(200, body),
      (error: Error) => answer(500, { error: error.message }),
    );
  };
}
