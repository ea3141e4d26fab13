import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import fc from "fast-check";
import { publicAddress } from "../../../../lab/cloud/balancer/balancer-address";
import { balancerState } from "../../../../lab/cloud/balancer/balancer-state";
import { groupState } from "../../../../lab/cloud/balancer/group-state";
import { forwardedGroups, listenerState } from "../../../../lab/cloud/balancer/listener-state";
import { type Registration, Registrations } from "../../../../lab/cloud/balancer/registrations";

const FORWARD: Action = { Type: "forward", TargetGroupArn: "arn:a" };
const described = (actions: Action[], conditions: RuleCondition[] = []) => ({
  listener: { Port: 80, Protocol: "HTTP" as const, DefaultActions: [FORWARD] },
  certificateArns: [],
  rules: [
    { IsDefault: true, Priority: "default", Actions: [FORWARD] },
    { Priority: "200", Conditions: conditions, Actions: actions },
    { Priority: "30", Conditions: [{ Field: "path-pattern", Values: ["/*"] }], Actions: [{ Type: "forward", TargetGroupArn: "arn:b" } as Action] },
  ],
});
const noCertificate = () => {
  throw new Error("none");
};

test("rules are in the order of their numbers, and the default one is the default action", () => {
  const state = listenerState(described([FORWARD], [{ Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.0/8"] } }]), noCertificate);

  expect(state.rules.map(({ conditions }) => conditions[0])).toEqual([
    { field: "path-pattern", values: ["/*"] },
    { field: "source-ip", values: ["10.0.0.0/8"] },
  ]);
  expect(state.defaultAction).toEqual({ type: "forward", groups: [{ arn: "arn:a", weight: 1 }] });
  expect(forwardedGroups(state)).toEqual(["arn:b", "arn:a", "arn:a"]);
});

test("a redirect has ELB's defaults", () => {
  const [, rule] = listenerState(
    described([{ Type: "redirect", RedirectConfig: { Protocol: "HTTPS", StatusCode: "HTTP_302" } }]),
    noCertificate,
  ).rules;

  expect(rule?.action).toEqual({
    type: "redirect",
    protocol: "HTTPS",
    host: "#{host}",
    port: "#{port}",
    path: "/#{path}",
    query: "#{query}",
    status: 302,
  });
});

test.each<[string, Action[], RuleCondition[], string]>([
  ["authentication", [{ Type: "authenticate-oidc" }, FORWARD], [], "must have one action in the lab, got 2"],
  [
    "target group stickiness",
    [{ Type: "forward", ForwardConfig: { TargetGroups: [], TargetGroupStickinessConfig: { Enabled: true } } }],
    [],
    "must not have target group stickiness",
  ],
  ["regular expressions", [FORWARD], [{ Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/a"] } }], "must not have regular expressions"],
])("fails when a rule has %s, with the rule's place", (_, actions, conditions, message) => {
  expect(() => listenerState(described(actions, conditions), noCertificate)).toThrow(`listener 80/rule 200: ${message}`);
});

const group = (attributes: Record<string, string>) => ({
  group: { TargetGroupArn: "arn:a", TargetGroupName: "shop", Protocol: "HTTP" as const },
  attributes,
  targets: [],
});

test("a group without settings has ELB's defaults", () => {
  expect(groupState(group({}), [])).toEqual({
    arn: "arn:a",
    protocol: "HTTP",
    healthCheck: {
      protocol: "HTTP",
      port: null,
      path: "/",
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      matcher: "200",
    },
    algorithm: "round_robin",
    stickySeconds: null,
    slowStartSeconds: 0,
    targets: [],
  });
});

test("fails when stickiness is by the application's cookie", () => {
  expect(() => groupState(group({ "stickiness.enabled": "true", "stickiness.type": "app_cookie" }), [])).toThrow(
    "target group shop/stickiness.type: must be lb_cookie in the lab (app_cookie is not emulated), got app_cookie",
  );
});

test("attributes are what the appliance is told", () => {
  const attributes = {
    "idle_timeout.timeout_seconds": "10",
    "routing.http.drop_invalid_header_fields.enabled": "true",
    "routing.http2.enabled": "false",
  };

  expect(balancerState(attributes, [], []).attributes).toEqual({
    idleTimeoutSeconds: 10,
    dropInvalidHeaderFields: true,
    http2: false,
    xffMode: "append",
    xffClientPort: false,
    accessLog: false,
  });
});

test("public addresses are stable, and never taken twice", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 20 }), (owners) => {
      const taken = new Set<string>();
      for (const owner of owners) taken.add(publicAddress(owner, taken));
      expect(taken.size).toBe(owners.length);
      expect(publicAddress("a", new Set())).toBe(publicAddress("a", new Set()));
    }),
  );
});

describe("registrations", () => {
  const target: Registration = { id: "i-a", ip: "10.0.0.4", port: 80 };
  const never = () => false;

  test("a target that is not described any more drains until its time is over", () => {
    const registrations = new Registrations();
    registrations.match("arn:a", [target], 0, never);
    registrations.match("arn:a", [], 1000, never);

    expect(registrations.of("arn:a")).toEqual([{ ...target, drainingUntil: 1000 }]);
    expect(registrations.expire(999, () => true)).toBe(1000);
    expect(registrations.expire(1000, () => true)).toBeUndefined();
    expect(registrations.of("arn:a")).toEqual([]);
  });

  test("a target that leaves again keeps its first deadline, one registered again stays", () => {
    const registrations = new Registrations();
    registrations.register("arn:a", target);
    registrations.deregister("arn:a", { id: "i-a" }, 1000);
    registrations.deregister("arn:a", { id: "i-a" }, 2000);
    expect(registrations.of("arn:a")).toEqual([{ ...target, drainingUntil: 1000 }]);

    registrations.register("arn:a", target);

    expect(registrations.of("arn:a")).toEqual([target]);
  });

  test("a target known better is neither lost nor brought back by an older look", () => {
    const registrations = new Registrations();
    const old: Registration = { id: "i-old", ip: "10.0.0.5", port: 80 };
    registrations.register("arn:a", old);
    registrations.register("arn:a", target);
    registrations.deregister("arn:a", old, 1000);

    registrations.match("arn:a", [old], 5000, () => true);

    expect(registrations.of("arn:a")).toEqual([{ ...old, drainingUntil: 1000 }, target]);
  });

  test("a group that is gone is forgotten", () => {
    const registrations = new Registrations();
    registrations.register("arn:a", target);
    registrations.expire(0, never);

    expect(registrations.of("arn:a")).toEqual([]);
  });
});
