// Where set-up keeps what it makes. The tools are shared by all checkouts of one user, so that a second clone needs no second build.
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const PROJECT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const NODE_VERSION = "24.21.0";
export const PULUMI_VERSION = "3.255.0";
export const MOTO_VERSION = "5.2.5";

export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "nplus1");
export const NODE_DIR = join(CACHE, `tools/node-${NODE_VERSION}`);
export const PULUMI_DIR = join(CACHE, `pulumi-${PULUMI_VERSION}/bin`);
export const MOTO_DIR = join(CACHE, `moto-${MOTO_VERSION}`);
