import type { Target, TargetGroup } from "./desired-state";
import { backendName, serverName } from "./names";

const BALANCE = { round_robin: "roundrobin", least_outstanding_requests: "leastconn", weighted_random: "random" } as const;

const COOKIE_SECONDS = 7 * 24 * 3600;

/** One target group; `usable` are the server names that get requests. */
export function backendLines(group: TargetGroup, usable: ReadonlySet<string>, unavailablePage: string): string[] {
  const lines = [
    `balance ${BALANCE[group.algorithm]}`,
    "http-request lua.alb_targets if { nbsrv eq 0 }",
    `http-request return status 503 content-type text/html file ${unavailablePage} hdr Server awselb/2.0 if { var(txn.albtargets) -m int 0 }`,
    ...(group.stickySeconds === null ? [] : stickyLines(group.stickySeconds)),
    ...group.targets.map((target) => serverLine(group, target, usable)),
  ];
  return [`backend ${backendName(group.arn)}`, ...lines.map((line) => `  ${line}`)];
}

/** How a server is declared: in the configuration, and the same at run time. */
export function serverOptions(group: TargetGroup): string {
  const tls = group.protocol === "HTTPS" ? " ssl verify none" : "";
  const slowStart = group.slowStartSeconds > 0 ? ` slowstart ${group.slowStartSeconds}s` : "";
  return `pool-purge-delay 5s${tls}${slowStart}`;
}

function serverLine(group: TargetGroup, target: Target, usable: ReadonlySet<string>): string {
  const name = serverName(group.arn, target);
  return `server ${name} ${target.ip}:${target.port} ${serverOptions(group)}${usable.has(name) ? "" : " disabled"}`;
}

/**
 * ALB makes the cookie anew with every response, and passes a client's cookie on to the target. use-server is without effect when that
 * server is not there or gets no requests: the cookie is then rewritten for the one chosen instead.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#sticky-sessions
 */
const stickyLines = (seconds: number): string[] => {
  const cookie = `%[var(txn.albcookie)]; Expires=%[date(${COOKIE_SECONDS}),http_date]; Path=/`;
  return [
    `http-request lua.alb_read_cookie ${seconds}`,
    "use-server %[var(txn.albserver)] if { var(txn.albserver) -m found }",
    "http-response lua.alb_write_cookie",
    `http-response add-header Set-Cookie 'AWSALB=${cookie}'`,
    `http-response add-header Set-Cookie 'AWSALBCORS=${cookie}; SameSite=None' if !{ ssl_fc }`,
    `http-response add-header Set-Cookie 'AWSALBCORS=${cookie}; SameSite=None; Secure' if { ssl_fc }`,
  ];
};
