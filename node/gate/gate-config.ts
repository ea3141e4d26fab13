import { INTERNAL_PREFIX, NODE_HEADER } from "../../contract/health";

export interface GateArgs {
  nodeId: string;
  /** The node's address in the VPC. */
  address: string;
  gatePort: number;
  agentPort: number;
  appPort: number;
  luaFile: string;
  /** Runtime socket, in a folder that only the gate's user and root can enter. */
  socketPath: string;
}

const AGENT_DOWN = '{"state":"failed","reasons":["the agent does not answer"]}';

/** The whole of haproxy.cfg. Nothing newer than HAProxy 2.6. @see https://docs.haproxy.org/2.6/configuration.html */
export const renderGateConfig = (args: GateArgs): string => `# Written by the nplus1 agent: edits are overwritten.
global
    # One thread: the valve in gate.lua and the count after it are one step.
    nbthread 1
    maxconn 4000
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

frontend door
    bind ${args.address}:${args.gatePort}
    option http-ignore-probes
    acl internal path_beg ${INTERNAL_PREFIX}
    # Only nplus1 itself may say these. Underscores too: CGI and WSGI take both for the same name.
    http-request del-header ^x[-_]nplus1[-_] -m reg
    http-request track-sc1 str(all) table arrived unless internal
    http-request lua.gate unless internal
    http-request return status 503 content-type text/plain string "This node is closed.\\n" hdr retry-after 1 unless internal or { var(txn.admitted) -m bool }
    http-request track-sc0 str(all) table in_flight unless internal
    http-after-response set-header ${NODE_HEADER} ${args.nodeId}
    use_backend agent if internal
    default_backend app

backend app
    # A fresh connection for each request: one kept idle can be closed by the application just when a POST is sent on it.
    option http-server-close
    # An application that restarts costs its clients this wait, not an error; what was sent is repeated only where that is safe.
    retries 20
    retry-on conn-failure empty-response
    http-request disable-l7-retry unless METH_GET or METH_OPTIONS
    http-error status 502 content-type text/plain string "The application broke off.\\n"
    http-error status 504 content-type text/plain string "The application took too long.\\n"
    http-error status 503 content-type text/plain string "The application does not answer.\\n" hdr retry-after 1
    server app 127.0.0.1:${args.appPort}

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

# Requests that were admitted and are not answered yet, to the last byte of the response.
backend in_flight
    stick-table type string len 8 size 16 store conn_cur
`;
