import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { NODE_DIR, NODE_VERSION } from "./places.mjs";
import { run } from "./run.mjs";

/** The Node.js that everything but this set-up runs with: the nodes' version, brought by npm whatever the machine's own is. */
export const nodeStep = {
  name: `Node.js ${NODE_VERSION}`,
  freeMiB: 300,
  done: () => existsSync(join(NODE_DIR, "bin/node")),
  async make() {
    const scratch = `${NODE_DIR}.${process.pid}`;
    const platform = `node-linux-${process.arch}`;
    try {
      mkdirSync(scratch, { recursive: true });
      await run("npm", ["install", "--prefix", scratch, "--no-save", "--no-audit", "--no-fund", `${platform}@${NODE_VERSION}`]);
      mkdirSync(dirname(NODE_DIR), { recursive: true });
      rmSync(NODE_DIR, { recursive: true, force: true });
      renameSync(join(scratch, "node_modules", platform), NODE_DIR);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};
