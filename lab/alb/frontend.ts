import type { DesiredState, Listener } from "./desired-state";
import { quote } from "./quote";
import { type RuleLines, ruleLines } from "./rule-lines";

const ROOT = "1-%[date,bytes(4,4),hex,lower]-%[uuid,regsub(-,,g),bytes(0,24)]";

/** One listener. */
export function frontendLines(listener: Listener, state: DesiredState, folder: string): RuleLines {
  const { lines, files } = ruleLines(listener, folder);
  const name = `listener-${listener.port}`;
  const log = state.attributes.accessLog ? ["log stdout format raw local0", `log-format ${quote(accessLogFormat(listener))}`] : [];
  return {
    files,
    lines: [
      `frontend ${name}`,
      ...[
        ...bindLines(listener, state, folder),
        ...log,
        // An idle keep-alive connection at a reload gets its next request answered by the old worker, and is closed then: no request is lost.
        "option idle-close-on-response",
        ...(state.attributes.dropInvalidHeaderFields ? ["http-request del-header '[^-A-Za-z0-9]' -m reg"] : []),
        ...lines.filter((line) => !line.startsWith("use_backend")),
        ...forwardedLines(listener, state),
        ...traceLines,
        ...lines.filter((line) => line.startsWith("use_backend")),
      ].map((line) => `  ${line}`),
    ],
  };
}

function bindLines(listener: Listener, state: DesiredState, folder: string): string[] {
  // ALB speaks HTTP/2 to clients on TLS only.
  const alpn = state.attributes.http2 ? "h2,http/1.1" : "http/1.1";
  const options = listener.protocol === "HTTPS" ? `ssl crt-list ${quote(`${folder}/certificates-${listener.port}`)} alpn ${alpn}` : "proto h1";
  const door = state.doors[listener.port];
  return [`bind :${listener.port} ${options}`, ...(door === undefined ? [] : [`bind fd@${door} ${options}`])];
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html */
function forwardedLines(listener: Listener, { attributes }: DesiredState): string[] {
  const client = attributes.xffClientPort ? "%[src]:%[src_port]" : "%[src]";
  const forwardedFor = {
    append: [
      "http-request set-var(txn.forwarded) req.fhdr_cnt(x-forwarded-for)",
      `http-request set-header X-Forwarded-For '%[req.fhdr(x-forwarded-for)], ${client}' if { var(txn.forwarded) -m int 1 }`,
      `http-request add-header X-Forwarded-For ${client} if !{ var(txn.forwarded) -m int 1 }`,
    ],
    preserve: [],
    remove: ["http-request del-header X-Forwarded-For"],
  };
  return [
    ...forwardedFor[attributes.xffMode],
    `http-request set-header X-Forwarded-Proto ${listener.protocol.toLowerCase()}`,
    `http-request set-header X-Forwarded-Port ${listener.port}`,
  ];
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html */
const traceLines = [
  "acl traced req.hdr(X-Amzn-Trace-Id) -m found",
  "acl rooted req.hdr(X-Amzn-Trace-Id) -m sub Root=",
  `http-request set-header X-Amzn-Trace-Id 'Self=${ROOT};%[req.hdr(X-Amzn-Trace-Id)]' if rooted`,
  `http-request set-header X-Amzn-Trace-Id 'Root=${ROOT};%[req.hdr(X-Amzn-Trace-Id)]' if traced !rooted`,
  `http-request set-header X-Amzn-Trace-Id 'Root=${ROOT}' if !traced`,
];

/** The fields of ALB's access log that HAProxy knows, in ALB's order (times in milliseconds, one total for ALB's three). */
const accessLogFormat = (listener: Listener): string =>
  `${listener.protocol.toLowerCase()} %[date,utime(%Y-%m-%dT%H:%M:%SZ)] %b %ci:%cp %si:%sp %Ta %ST %U %B "%HM %HP%HQ %HV"`;
