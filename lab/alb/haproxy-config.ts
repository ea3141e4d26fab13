import { backendLines } from "./backend";
import type { DesiredState } from "./desired-state";
import { ERROR_ANSWERS, UNAVAILABLE_PAGE } from "./error-pages";
import { frontendLines } from "./frontend";
import { quote } from "./quote";
import { LUA_ACTIONS } from "./lua-actions";

export interface HaproxyPlace {
  /** Where the files are, and the sockets. */
  folder: string;
  /** 64 bytes in hex; makes the sticky cookies of this appliance's life. */
  cookieKey: string;
  /** Tells one run of the configuration from the one before, in `show info`. */
  revision: number;
}

/** By name, inside the folder. */
export type HaproxyFiles = Record<string, string>;

/** Every file that HAProxy needs for this desired state, its configuration among them. */
export function haproxyFiles(state: DesiredState, place: HaproxyPlace, usable: ReadonlySet<string>): HaproxyFiles {
  const { folder } = place;
  const frontends = state.listeners.map((listener) => frontendLines(listener, state, folder));
  const backends = state.targetGroups.map((group) => backendLines(group, usable, quote(`${folder}/unavailable.html`)));
  const sections = [globalLines(place), defaultsLines(state, folder), ...frontends.map((frontend) => frontend.lines), ...backends];
  return {
    ...joined(Object.entries(ERROR_ANSWERS).map(([status, text]) => ({ [`error-${status}`]: text }))),
    ...joined(frontends.map((frontend) => frontend.files)),
    ...joined(state.listeners.filter(({ protocol }) => protocol === "HTTPS").map((listener) => certificateFiles(listener, folder))),
    "unavailable.html": UNAVAILABLE_PAGE,
    "actions.lua": LUA_ACTIONS,
    "haproxy.cfg": `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`,
  };
}

const joined = (all: readonly HaproxyFiles[]): HaproxyFiles => Object.fromEntries(all.flatMap((files) => Object.entries(files)));

/** SNI chooses; the first certificate is for everyone else. */
function certificateFiles(listener: DesiredState["listeners"][number], folder: string): HaproxyFiles {
  const named = listener.certificates.map(({ certPem, keyPem }, index) => ({
    name: `certificate-${listener.port}-${index}.pem`,
    pem: `${certPem.trim()}\n${keyPem.trim()}\n`,
  }));
  const list = named.map(({ name }) => `${folder}/${name}\n`).join("");
  return { ...joined(named.map(({ name, pem }) => ({ [name]: pem }))), [`certificates-${listener.port}`]: list };
}

const globalLines = ({ folder, cookieKey, revision }: HaproxyPlace): string[] => [
  "global",
  `  description revision-${revision}`,
  // One thread: round robin is then exact over all requests.
  "  nbthread 1",
  "  maxconn 4000",
  `  stats socket ${quote(`${folder}/worker.sock`)} mode 600 level admin expose-fd listeners`,
  // A worker of before ends with its last connection, at the latest after this.
  "  hard-stop-after 1h",
  `  setenv ALB_COOKIE_KEY ${cookieKey}`,
  `  lua-load ${quote(`${folder}/actions.lua`)}`,
];

function defaultsLines({ attributes }: DesiredState, folder: string): string[] {
  const idle = `${attributes.idleTimeoutSeconds}s`;
  return [
    "defaults",
    "  mode http",
    // @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
    "  timeout connect 10s",
    `  timeout client ${idle}`,
    `  timeout server ${idle}`,
    `  timeout tunnel ${idle}`,
    `  timeout http-request ${idle}`,
    `  timeout http-keep-alive ${idle}`,
    // ALB tries a request on one target and no other.
    "  retries 0",
    ...Object.keys(ERROR_ANSWERS).map((status) => `  errorfile ${status} ${quote(`${folder}/error-${status}`)}`),
  ];
}
