import { join } from "node:path";
import type { LabFile } from "../../contract/lab-file";
import { motoDir, nodeDir, pulumiDir } from "../project";
import { labDir } from "./place";

/** The variables with which the ordinary `pulumi` and `aws` commands work on the lab. */
export function labEnv(lab: LabFile): Record<string, string> {
  return {
    // Last the environment that has the AWS CLI: a Python of its own is in it too.
    PATH: [join(nodeDir(), "bin"), pulumiDir(), process.env.PATH, join(motoDir(), "bin")].join(":"),
    PULUMI_HOME: join(labDir(), "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${join(labDir(), "pulumi")}`,
    PULUMI_STACK: "lab",
    PULUMI_CONFIG_PASSPHRASE: "lab",
    PULUMI_DEBUG_PROVIDERS: `aws:${lab.ports.aws},random:${lab.ports.random}`,
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    AWS_ENDPOINT_URL: `http://127.0.0.1:${lab.ports.endpoint}`,
    AWS_REGION: "us-east-1",
    // What version 1 of the AWS CLI reads.
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "lab",
    AWS_SECRET_ACCESS_KEY: "lab",
  };
}

/** For `eval "$(npx nplus1 lab env)"`. */
export const asExports = (env: Record<string, string>): string =>
  Object.entries(env)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`)
    .join("\n");
