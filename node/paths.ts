import { RUNTIME_DIR } from "../contract/runtime";

/** Unpacked releases, each in a folder named by its digest. */
export const RELEASES_DIR = "/opt/nplus1/releases";
/** Link to the release that the node runs. */
export const CURRENT_LINK = "/opt/nplus1/current";

export const APP_UNIT = "nplus1-app.service";
export const APP_UNIT_FILE = `/etc/systemd/system/${APP_UNIT}`;
/** Root's own, 0600: it holds the session store's token and the secret that signs cookies. */
export const APP_ENV_FILE = "/etc/nplus1/app.env";
export const APP_START_FILE = "/etc/nplus1/app-start.sh";
export const APP_LOG_FILE = "/var/log/nplus1/app.log";
export const APP_USER = "nplus1-app";

/** The session store's token for the application, kept current. Its folder outlives the agent, unlike one that systemd makes for a unit. */
export const TOKEN_FILE = "/run/nplus1/valkey-token";

/** Where the application's Node.js programs find the agent, and what they load to do so. */
export const WATCHDOG_SOCKET = "/run/nplus1/watchdog.sock";
export const WATCHDOG_FILE = `${RUNTIME_DIR}/watchdog.cjs`;

/** What the system trusts. @see https://docs.aws.amazon.com/linux/al2023/ug/ca-certificates.html */
export const CA_BUNDLE = "/etc/pki/tls/certs/ca-bundle.crt";

export const GATE_UNIT = "nplus1-gate.service";
export const GATE_CONFIG_FILE = "/etc/nplus1/gate.cfg";
export const GATE_SOCKET = "/run/nplus1-gate/gate.sock";
export const GATE_INNER = "/run/nplus1-gate/inner.sock";
export const GATE_LUA_FILE = `${RUNTIME_DIR}/gate.lua`;

/** What a node keeps for itself. */
export const NODE_DIR = "/var/lib/nplus1";

/** Remembers that the launch hook was completed, so that a restarted agent does not do it again. */
export const LAUNCHED_FILE = `${NODE_DIR}/launched`;

/** Where the node is on its ladder: outlives the agent, not the machine. */
export const LADDER_FILE = "/run/nplus1/ladder.json";

/** The last diagnoses, also in S3. */
export const DIAGNOSES_DIR = `${NODE_DIR}/diagnoses`;
