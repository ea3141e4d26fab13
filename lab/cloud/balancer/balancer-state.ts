import type { DesiredState, Listener, TargetGroup } from "../../alb/desired-state";
import type { Attributes } from "./describe-balancers";

/** What an appliance must be, apart from the doors it got. */
export const balancerState = (
  attributes: Attributes,
  listeners: Listener[],
  targetGroups: TargetGroup[],
): Omit<DesiredState, "generation" | "doors"> => ({
  attributes: {
    idleTimeoutSeconds: Number(attributes["idle_timeout.timeout_seconds"] ?? 60),
    dropInvalidHeaderFields: attributes["routing.http.drop_invalid_header_fields.enabled"] === "true",
    http2: attributes["routing.http2.enabled"] !== "false",
    xffMode: xffMode(attributes["routing.http.xff_header_processing.mode"]),
    xffClientPort: attributes["routing.http.xff_client_port.enabled"] === "true",
    accessLog: attributes["access_logs.s3.enabled"] === "true",
  },
  listeners,
  targetGroups,
});

const xffMode = (value = "append"): DesiredState["attributes"]["xffMode"] => {
  if (value === "append" || value === "preserve" || value === "remove") return value;
  throw new Error(`routing.http.xff_header_processing.mode: must be append, preserve or remove, got ${value}`);
};
