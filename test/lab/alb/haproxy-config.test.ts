import fc from "fast-check";
import { conditionAcl } from "../../../lab/alb/conditions";
import type { DesiredState, Listener } from "../../../lab/alb/desired-state";
import { desiredStateSchema } from "../../../lab/alb/desired-state";
import { haproxyFiles } from "../../../lab/alb/haproxy-config";
import { serverName } from "../../../lab/alb/names";
import { wildcardRegex } from "../../../lab/alb/quote";
import { parseWorkers } from "../../../lab/alb/workers";
import { desired, GROUP, listener, targetGroup } from "./desired";

const PLACE = { folder: "/run/alb", cookieKey: "00".repeat(64), revision: 7 };
const config = (state: DesiredState, usable: string[] = []): string => haproxyFiles(state, PLACE, new Set(usable))["haproxy.cfg"] ?? "";
const linesOf = (change: Partial<Listener>): string[] =>
  config(desired({ listeners: [listener(change)] }))
    .split("\n")
    .map((line) => line.trim());
const rule = (...conditions: Listener["rules"][number]["conditions"]) => ({
  conditions,
  action: { type: "forward" as const, groups: [{ arn: GROUP, weight: 1 }] },
});

test("a small load balancer is this configuration", () => {
  const targets = [
    { id: "i-a", ip: "10.0.1.4", port: 8080, draining: false },
    { id: "i-b", ip: "10.0.2.4", port: 8080, draining: false },
  ];
  const state = desired({ doors: { "80": 3 }, targetGroups: [targetGroup({ targets, stickySeconds: 60, slowStartSeconds: 30 })] });

  expect(config(state, [serverName(GROUP, { id: "i-a", ip: "10.0.1.4", port: 8080 })])).toMatchSnapshot();
});

test.each([
  ["round_robin", "balance roundrobin"],
  ["least_outstanding_requests", "balance leastconn"],
  ["weighted_random", "balance random"],
] as const)("algorithm %s is %s", (algorithm, line) => {
  expect(config(desired({ targetGroups: [targetGroup({ algorithm })] }))).toContain(`  ${line}\n`);
});

test.each([
  [{ field: "path-pattern", values: ["/img/*", "/a?.b"] }, ["path -m reg '^\\/img\\/.*$'", "path -m reg '^\\/a.\\.b$'"]],
  [{ field: "host-header", values: ["*.example.com"] }, ["req.hdr(host),field(1,:) -i -m reg '^.*\\.example\\.com$'"]],
  [{ field: "http-header", name: "X-It's", values: ["a b"] }, ["'req.fhdr(X-It'\\''s)' -i -m reg '^a b$'"]],
  [{ field: "http-request-method", values: ["GET", "HEAD"] }, ["method -m str GET", "method -m str HEAD"]],
  [{ field: "source-ip", values: ["10.0.0.0/8"] }, ["src -m ip 10.0.0.0/8"]],
  [
    { field: "query-string", pairs: [{ key: "v", value: "1*" }, { value: "x" }] },
    ["query -i -m reg '(^|&)v=1[^&]*(&|$)'", "query -i -m reg '(^|&)([^&=]*=)?x(&|$)'"],
  ],
] as const)("condition %j", (condition, matches) => {
  expect(conditionAcl("c", structuredClone(condition) as never)).toEqual(matches.map((match) => `acl c ${match}`));
});

test("a wildcard pattern matches what ELB's does", () => {
  const piece = fc.constantFrom("*", "?", "a", ".", "/", "[", "\\", "$", "-", "{", "|");
  const matches = (pattern: string, text: string): boolean => {
    if (pattern === "") return text === "";
    if (pattern[0] === "*") return matches(pattern.slice(1), text) || (text !== "" && matches(pattern, text.slice(1)));
    return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && matches(pattern.slice(1), text.slice(1));
  };
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.array(piece, { maxLength: 6 }), (pattern, text) => {
      expect(new RegExp(`^${wildcardRegex(pattern.join(""))}$`).test(text.join(""))).toBe(matches(pattern.join(""), text.join("")));
    }),
  );
});

test("the first rule that matches is chosen, before any of them acts", () => {
  const lines = linesOf({ rules: [rule({ field: "http-request-method", values: ["GET"] }, { field: "source-ip", values: ["::/0"] })] });

  expect(lines.filter((line) => /^(acl r\d|http-request set-var\(txn.rule\)|use_backend)/.test(line))).toEqual([
    "acl r0c0 method -m str GET",
    "acl r0c1 src -m ip ::/0",
    "http-request set-var(txn.rule) int(0) if !{ var(txn.rule) -m found } r0c0 r0c1",
    "http-request set-var(txn.rule) int(1) if !{ var(txn.rule) -m found }",
    "use_backend tg-8389f6b1a07e if { var(txn.rule) -m int 0 }",
    "use_backend tg-8389f6b1a07e if { var(txn.rule) -m int 1 }",
  ]);
});

test("weights are shares of the requests", () => {
  const groups = [
    { arn: GROUP, weight: 1 },
    { arn: `${GROUP}2`, weight: 3 },
  ];
  const lines = linesOf({ defaultAction: { type: "forward", groups } });

  expect(lines.filter((line) => line.startsWith("use_backend"))).toEqual([
    "use_backend tg-8389f6b1a07e if { var(txn.rule) -m int 0 } { var(txn.pick) -m int lt 250000 }",
    expect.stringMatching(/^use_backend tg-[0-9a-f]{12} if \{ var\(txn.rule\) -m int 0 \}$/),
  ]);
});

test.each([
  ["append", 3],
  ["preserve", 0],
  ["remove", 1],
] as const)("X-Forwarded-For in mode %s takes %i lines", (xffMode, count) => {
  const text = config(desired({ attributes: { ...desired().attributes, xffMode } }));

  expect(text.split("\n").filter((line) => /forwarded-for/i.test(line)).length).toBe(count);
});

test("invalid header fields are dropped when asked for", () => {
  const line = "http-request del-header '[^-A-Za-z0-9]' -m reg";

  expect(config(desired())).not.toContain(line);
  expect(config(desired({ attributes: { ...desired().attributes, dropInvalidHeaderFields: true } }))).toContain(line);
});

test("a control character in a value is refused, so that no value becomes a line", () => {
  const state = desired({ listeners: [listener({ rules: [rule({ field: "path-pattern", values: ["/x\n  bind :1"] })] })] });

  expect(desiredStateSchema.safeParse(state).success).toBe(false);
});

test("workers are told apart from those that finish", () => {
  const text = [
    "#<PID>          <type>          <reloads>       <uptime>        <version>",
    "10              master          1 [failed: 0]   0d00h00m09s     2.6.12",
    "# workers",
    "12              worker          0               0d00h00m01s     2.6.12",
    "# old workers",
    "11              worker          1               0d00h00m08s     2.6.12",
    "# programs",
  ].join("\n");

  expect(parseWorkers(text)).toEqual({ current: [12], old: [11] });
});
