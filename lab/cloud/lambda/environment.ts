import type { RoleCredentials } from "../ec2/role-credentials";
import type { FunctionVersion } from "./function";

export interface EnvironmentArgs {
  version: FunctionVersion;
  credentials: RoleCredentials;
  /** host:port of the Runtime API. */
  runtimeApi: string;
  logStream: string;
  /** Where its code and the runtime are, as the function sees them. */
  taskRoot: string;
  runtimeDir: string;
}

/** The environment of a function's process. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
export function environmentOf({ version: { config, version }, ...args }: EnvironmentArgs): Record<string, string> {
  const { credentials, taskRoot, runtimeDir } = args;
  const { logging } = config;
  return {
    ...config.environment,
    _HANDLER: config.handler,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EXECUTION_ENV: `AWS_Lambda_${config.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMiB),
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: logging.group,
    AWS_LAMBDA_LOG_STREAM_NAME: args.logStream,
    ...(logging.format === "JSON" ? { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: logging.applicationLevel ?? "INFO" } : {}),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.token,
    AWS_LAMBDA_RUNTIME_API: args.runtimeApi,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: runtimeDir,
    NODE_PATH: `/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:${runtimeDir}/node_modules:${runtimeDir}:${taskRoot}`,
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
  };
}

/**
 * A tenth of the function's memory for the young generation, the rest for the old one, as Lambda's own start script does; and the trust store of
 * the image, where the lab's authority is.
 */
export function nodeArguments(memoryMiB: number): string[] {
  const young = Math.floor(memoryMiB / 10);
  return ["--use-openssl-ca", `--max-semi-space-size=${Math.floor(young / 2)}`, `--max-old-space-size=${memoryMiB - young}`];
}
