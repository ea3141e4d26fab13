import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { pack } from "tar-stream";

/** Relative to the project's folder; contract/runtime.ts names the same files. */
const TAR_FILE = "dist/node-runtime.tar";
const DIGEST_FILE = "dist/node-runtime.sha256";

/**
 * The node runtime: agent.cjs and watchdog.cjs with everything bundled in, gate.lua, units/. The tar is canonical (sorted, no times, no
 * owners), so the same sources give the same digest on any machine.
 *
 * @param {string} project the project's folder
 * @returns {Promise<{ file: string, digest: string }>}
 */
export async function buildRuntime(project) {
  const files = new Map([
    ["agent.cjs", await bundle(project, "node/agent/main.ts", "node24")],
    ["gate.lua", await readFile(join(project, "node/gate/gate.lua"))],
    // Loaded into applications, which bring the Node.js that they like.
    ["watchdog.cjs", await bundle(project, "node/watchdog/main.ts", "node18")],
  ]);
  const units = join(project, "node/units");
  for (const name of await readdir(units)) files.set(`units/${name}`, await readFile(join(units, name)));

  const bytes = await canonicalTar(files);
  const digest = createHash("sha256").update(bytes).digest("hex");
  const file = join(project, TAR_FILE);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  await writeFile(join(project, DIGEST_FILE), `${digest}\n`);
  return { file, digest };
}

async function bundle(project, entry, target) {
  const { outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: [entry],
    outfile: "bundle.cjs",
    bundle: true,
    write: false,
    platform: "node",
    target,
    format: "cjs",
    legalComments: "none",
    // Names stay readable in stack traces; only white space and syntax shrink.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: "warning",
  });
  return Buffer.from(outputFiles[0].contents);
}

async function canonicalTar(files) {
  const tar = pack();
  const names = [...files.keys(), "units/"].sort();
  for (const name of names) {
    const common = { name, mtime: new Date(0), uid: 0, gid: 0, uname: "", gname: "" };
    if (name.endsWith("/")) tar.entry({ ...common, type: "directory", mode: 0o755 });
    else tar.entry({ ...common, mode: 0o644 }, files.get(name));
  }
  tar.finalize();
  const chunks = [];
  for await (const chunk of tar) chunks.push(chunk);
  return Buffer.concat(chunks);
}
