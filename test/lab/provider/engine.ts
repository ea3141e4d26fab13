import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { toolFolder } from "./moto";

const RUN_LIMIT_MS = 60_000;

export interface Run {
  code: number;
  output: string;
}

/** The real engine with a file backend, in a folder of its own, attached to providers that already listen. */
export class Engine {
  readonly #folder = mkdtempSync(join(tmpdir(), "nplus1-engine-"));
  readonly #env: NodeJS.ProcessEnv;

  constructor(ports: { aws: number; random: number }) {
    writeFileSync(join(this.#folder, "Pulumi.yaml"), PROJECT);
    writeFileSync(join(this.#folder, "package.json"), '{"main":"index.js"}');
    symlinkSync(dirname(dirname(dirname(require.resolve("@pulumi/aws/package.json")))), join(this.#folder, "node_modules"));
    this.#env = {
      ...process.env,
      PATH: [join(toolFolder, "pulumi-3.255.0/bin"), dirname(process.execPath), process.env.PATH].join(":"),
      PULUMI_BACKEND_URL: `file://${this.#folder}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_HOME: join(this.#folder, "home"),
      PULUMI_DEBUG_PROVIDERS: `aws:${ports.aws},random:${ports.random}`,
    };
  }

  program(source: string): void {
    writeFileSync(join(this.#folder, "index.js"), `const aws = require("@pulumi/aws"); const random = require("@pulumi/random");\n${source}`);
  }

  pulumi(...args: string[]): Promise<Run> {
    return new Promise((resolve) => {
      const options = { cwd: this.#folder, env: this.#env, timeout: RUN_LIMIT_MS };
      execFile("pulumi", ["--non-interactive", ...args], options, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, output: stdout + stderr });
      });
    });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const PROJECT = `name: engine
runtime: { name: nodejs, options: { typescript: false } }
config:
  aws:region: us-east-1
  aws:defaultTags: { value: { tags: { stack: lab } } }
`;
