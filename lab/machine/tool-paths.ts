import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What the set-up has put on this machine. */
export interface ToolPaths {
  /** Folder with `bin/node`, version 24. */
  node: string;
  /** Python virtual environment with the AWS CLI. */
  venv: string;
  /** dist/lab/init.cjs. */
  init: string;
}

/** Where tools are inside an instance. */
export const LAB_DIR = "/usr/local/lib/lab";
export const LAB_NODE = `${LAB_DIR}/node/bin/node`;
export const LAB_INIT = `${LAB_DIR}/init.cjs`;
export const CA_BUNDLE = "/etc/pki/tls/certs/ca-bundle.crt";

export interface PythonTool {
  /** Folder of the interpreter that the virtual environment was made from, when it is not the system's. */
  base?: string;
  /** Inside an instance. */
  interpreter: string;
  sitePackages: string;
}

/** The virtual environment as an instance can use it: its own interpreter is a link to a path that instances do not have. */
export function pythonTool(venv: string): PythonTool {
  const version = readdirSync(join(venv, "lib")).find((name) => /^python3\.\d+$/.test(name));
  const home = /^home\s*=\s*(.+)$/m.exec(readFileSync(join(venv, "pyvenv.cfg"), "utf8"))?.[1]?.trim();
  if (version === undefined || home === undefined) throw new Error(`${venv}: must be a Python 3 virtual environment`);
  const sitePackages = `${LAB_DIR}/venv/lib/${version}/site-packages`;
  if (home === "/usr/bin" || home === "/bin") return { interpreter: `/usr/bin/${version}`, sitePackages };
  return { base: dirname(home), interpreter: `${LAB_DIR}/python/bin/${version}`, sitePackages };
}

export function checkTools(tools: ToolPaths): void {
  for (const file of [join(tools.node, "bin/node"), join(tools.venv, "bin/aws"), tools.init]) {
    if (!existsSync(file)) throw new Error(`${file}: must exist (the set-up and the build make it)`);
  }
}
