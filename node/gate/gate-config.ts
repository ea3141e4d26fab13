import { INTERNAL_PREFIX, NODE_HEADER } from "../../contract/health";

export interface GateArgs {
  nodeId: string;
  /** The node's address in the VPC. */
  address: string;
  gatePort: number;
  /** Where peers pass requests on to: the own application or nothing, never further. */
  hopPort: number;
  agentPort: number;
  appPort: number;
  luaFile: string;
  /** Runtime socket, in a folder that only the gate's user and root can enter. */
  socketPath: string;
  /** In the same folder: where the gate's outer half hands requests to its inner one. */
  innerPath: string;
}

/** Other nodes that a request can be passed on to. More than a handful makes no difference to who is found serving. */
export const PEER_SLOTS = 8;

/** The application, and the other nodes for what it does not take. */
export const OWN_BACKEND = "app";
export const PEERS_BACKEND = "peers";

const AGENT_DOWN = '{"state":"failed","reasons":["the agent does not answer"]}';

/** On a peer's answer that it takes no requests. */
const CLOSED_HEADER = "x-nplus1-closed";

const APP_ERRORS = `    http-error status 502 content-type text/plain string "The application broke off; whether it did what was asked is not known.\\n"
    http-error status 504 content-type text/plain string "The application took too long.\\n"
    http-error status 503 content-type text/plain string "The application does not answer.\\n" hdr retry-after 1`;

const peers = (line: (slot: number) => string): string => Array.from({ length: PEER_SLOTS }, (_, index) => `    ${line(index + 1)}`).join("\n");

/** The whole of haproxy.cfg. Nothing newer than HAProxy 2.6. @see https://docs.haproxy.org/2.6/configuration.html */
export const renderGateConfig = (args: GateArgs): string => `# Written by the nplus1 agent: edits are overwritten.
global
    # One thread: the valve in gate.lua and the count after it are one step.
    nbthread 1
    # Each request in the gate is two connections: its client's, and the one within.
    maxconn 8000
    # Bytes of one request's headers, with 1024 kept for rewriting: more is refused with 400.
    tune.bufsize 16384
    tune.http.maxhdr 101
    lua-load ${args.luaFile}
    stats socket ${args.socketPath} mode 600 level admin
    log stdout format raw local0
    # A reload leaves the old process its open requests for this long.
    hard-stop-after 120s

defaults
    mode http
    log global
    option httplog
    option dontlog-normal
    # A held or waiting request whose client has gone is dropped, not sent.
    option abortonclose
    # Clients that send their headers slower than this are refused (408).
    timeout http-request 10s
    # Longer than the load balancer keeps idle connections (60 s), so that it is never the gate that closes one under a request.
    timeout http-keep-alive 75s
    timeout client 60s
    timeout client-fin 10s
    timeout connect 500ms
    timeout server 120s
    timeout tunnel 1h

# HAProxy closes a connection without a word when a request that is not its first is broken off by the server: browsers repeat such a request,
# load balancers make it a 502. So clients' connections end here, and each request goes on alone, as a first one: what breaks off is answered.
frontend door
    bind ${args.address}:${args.gatePort}
    no log
    option http-ignore-probes
    default_backend inner

backend inner
    no log
    option http-server-close
    server inner unix@${args.innerPath}

frontend inner
    bind unix@${args.innerPath} mode 600
    acl internal path_beg ${INTERNAL_PREFIX}
    acl admitted var(txn.admitted) -m bool
    acl passed var(txn.passed) -m bool
    acl has_peers nbsrv(${PEERS_BACKEND}) gt 0
    # Only nplus1 itself may say these. Underscores too: CGI and WSGI take both for the same name.
    http-request del-header ^x[-_]nplus1[-_] -m reg
    http-request track-sc1 str(all) table arrived unless internal
    http-request lua.gate unless internal
    http-request return status 503 content-type text/plain string "This node is closed.\\n" hdr retry-after 1 unless internal or admitted or passed
    http-request track-sc0 str(all) table in_flight unless internal
    http-request track-sc2 str(all) table in_app if admitted
    http-after-response set-header ${NODE_HEADER} ${args.nodeId} unless { res.hdr(${NODE_HEADER}) -m found }
    # Every peer was closed at that moment.
    http-after-response set-status 503 if { res.hdr(${CLOSED_HEADER}) -m found }
    http-after-response del-header ${CLOSED_HEADER}
    http-after-response set-status 504 if { status 502 } admitted { lua.hung 1 }
    use_backend agent if internal
    use_backend ${PEERS_BACKEND} if passed has_peers
    use_backend ${OWN_BACKEND} if admitted has_peers
    default_backend alone

# From other nodes' gates, and from this node's agent, which asks the application and no other.
frontend hop
    bind ${args.address}:${args.hopPort}
    option http-ignore-probes
    acl own_probe src ${args.address}
    acl admitted var(txn.admitted) -m bool
    http-request return status 404 content-type text/plain string "Not here.\\n" if { path_beg ${INTERNAL_PREFIX} }
    http-request set-var(txn.from_peer) bool(true)
    http-request track-sc1 str(all) table arrived unless own_probe
    http-request lua.gate unless own_probe
    # 425: nothing else answers it, so a peer knows that the request was not touched.
    http-request return status 425 hdr ${CLOSED_HEADER} 1 unless admitted or own_probe
    http-request track-sc0 str(all) table in_flight if admitted
    http-request track-sc2 str(all) table in_app if admitted
    http-after-response set-header ${NODE_HEADER} ${args.nodeId}
    http-after-response set-status 504 if { status 502 } admitted { lua.hung 1 }
    default_backend alone

# The own application, and a peer at once for what it does not take: a connection refused, or a request that is safe to repeat left unanswered.
backend ${OWN_BACKEND}
    option http-server-close
    option redispatch 1
    option allbackups
    balance leastconn
    retries 6
    retry-on conn-failure empty-response 425
    http-request disable-l7-retry unless METH_GET or METH_OPTIONS
    http-response set-header ${NODE_HEADER} ${args.nodeId} if { srv_name app }
${APP_ERRORS}
    server app 127.0.0.1:${args.appPort} check inter 200ms fall 1 rise 1 observe layer4 error-limit 1 on-error mark-down
${peers((slot) => `server peer${slot} 0.0.0.0:${args.hopPort} backup track ${PEERS_BACKEND}/peer${slot}`)}

# Nobody else is there. A fresh connection for each request: one kept idle can be closed by the application just when a POST is sent on it.
backend alone
    option http-server-close
    # An application that restarts costs its clients this wait, not an error; what was sent is repeated only where that is safe.
    retries 20
    retry-on conn-failure empty-response
    http-request disable-l7-retry unless METH_GET or METH_OPTIONS
    http-response del-header ${NODE_HEADER}
${APP_ERRORS}
    server app 127.0.0.1:${args.appPort}

backend ${PEERS_BACKEND}
    option http-server-close
    option redispatch 1
    balance leastconn
    retries 6
    retry-on conn-failure empty-response 425
    http-request disable-l7-retry unless METH_GET or METH_OPTIONS
${APP_ERRORS}
${peers((slot) => `server peer${slot} 0.0.0.0:${args.hopPort} disabled check inter 500ms fall 2 rise 1 observe layer4 error-limit 1 on-error mark-down`)}

backend agent
    timeout server 2s
    retries 2
    http-error status 502 content-type application/json string '${AGENT_DOWN}'
    http-error status 503 content-type application/json string '${AGENT_DOWN}'
    http-error status 504 content-type application/json string '${AGENT_DOWN}'
    server agent 127.0.0.1:${args.agentPort}

# Requests that came and are not answered yet: held ones and admitted ones.
backend arrived
    stick-table type string len 8 size 16 store conn_cur

# Requests that were let through and are not answered yet, to the last byte of the response.
backend in_flight
    stick-table type string len 8 size 16 store conn_cur

# Of these, the ones that were let through to the own application.
backend in_app
    stick-table type string len 8 size 16 store conn_cur
`;
