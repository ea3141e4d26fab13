import { LAUNCH_HEARTBEAT_SECONDS } from "../../contract/lifecycle";
import { REGISTRY_RENEW_MS } from "../../contract/registry";
import type { Timing } from "./parts";

export const TIMING: Timing = {
  watchMs: 250,
  renewMs: REGISTRY_RENEW_MS,
  startLimitMs: 60_000,
  fetchLimitMs: 120_000,
  lifecyclePollMs: 2000,
  // The load balancer deregisters a leaving node on its own; requests that are still sent meanwhile are served.
  quietMs: 5000,
  drainLimitMs: 120_000,
  hookLimitMs: LAUNCH_HEARTBEAT_SECONDS * 1000,
};
