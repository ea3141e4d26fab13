/**
 * The node runtime: one canonical tar (see release.ts), the same file on EC2 and in the lab. `npm run build` leaves it here, relative to
 * the project's folder, together with its digest.
 */
export const RUNTIME_FILE = "dist/node-runtime.tar";
export const RUNTIME_DIGEST_FILE = "dist/node-runtime.sha256";

/** Where user data unpacks the runtime. It holds `agent.cjs`, `watchdog.cjs`, `gate.lua` and `units/`. */
export const RUNTIME_DIR = "/opt/nplus1/runtime";

/** The Node.js major that the runtime is built for, and AL2023's package of it. @see https://docs.aws.amazon.com/linux/al2023/ug/nodejs.html */
export const NODE_MAJOR = 24;
