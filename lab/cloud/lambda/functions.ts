import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { AwsError } from "../aws-error";
import type { EniState } from "../../machine/network-state";
import { functionArn, parseReference } from "./arn";
import { invalid } from "./checked";
import type { CodeStore } from "./code-store";
import { changedConfig, newConfig } from "./configured";
import { type FunctionConfig, type FunctionVersion, LATEST, type LambdaFunction } from "./function";
import type { CodeSource, ConfigurationInput, CreateInput } from "./function-input";
import type { FunctionNetwork } from "./function-network";

export interface FunctionsParts {
  code: Pick<CodeStore, "take">;
  network: Pick<FunctionNetwork, "resolve" | "enis" | "release">;
  roles: { trusts(roleArn: string, service: string): Promise<boolean>; may(roleName: string, action: string): Promise<boolean> };
  /** Applies the network as it is now, with all of enis(). */
  applyNetwork: () => Promise<void>;
  /** What runs of the function is not what it is any more. */
  onChange: (fn: LambdaFunction) => void;
}

/** The functions that there are: what they are asked to be, and what they are. */
export class Functions {
  readonly #all = new Map<string, LambdaFunction>();

  constructor(private readonly parts: FunctionsParts) {}

  all(): LambdaFunction[] {
    return [...this.#all.values()];
  }

  /** What all functions, or all others, have reserved. */
  reserved(except?: LambdaFunction): number {
    return this.all().reduce((sum, fn) => sum + (fn === except ? 0 : (fn.reservedConcurrency ?? 0)), 0);
  }

  enis(): EniState[] {
    const configs = this.all().flatMap(({ latest, serving }) => [...new Set([latest.config, serving.config])]);
    const enis = configs.flatMap((config) => this.parts.network.enis(config));
    return [...new Map(enis.map((eni) => [eni.id, eni])).values()];
  }

  /** @throws ResourceNotFoundException */
  get(reference: string): LambdaFunction {
    const { name } = parseReference(reference);
    const fn = this.#all.get(name);
    if (!fn) throw new AwsError("ResourceNotFoundException", `Function not found: ${functionArn(name)}`, 404);
    return fn;
  }

  /** `qualifier`: where the reference has none of its own. @throws ResourceNotFoundException */
  version(reference: string, qualifier: string | null): { fn: LambdaFunction; version: FunctionVersion } {
    const fn = this.get(reference);
    const wanted = parseReference(reference).qualifier ?? qualifier ?? LATEST;
    const version = wanted === LATEST ? fn.latest : fn.published.find((one) => one.version === wanted);
    if (!version) throw new AwsError("ResourceNotFoundException", `Function not found: ${fn.arn}:${wanted}`, 404);
    return { fn, version };
  }

  async create(input: CreateInput): Promise<LambdaFunction> {
    const { name } = parseReference(input.FunctionName);
    if (!/^[\w-]{1,64}$/.test(name)) invalid(`FunctionName: must be 1-64 letters, digits, - or _, got ${name}`);
    const vpc = await this.parts.network.resolve(input.VpcConfig ?? {});
    await this.#checkRole(input.Role, vpc !== undefined);
    const version = freshVersion(newConfig(name, input, vpc), await this.parts.code.take(input.Code));
    if (this.#all.has(name)) throw new AwsError("ResourceConflictException", `Function already exist: ${name}`, 409);
    const fn: LambdaFunction = {
      arn: functionArn(name),
      state: "Pending",
      stateReason: "The function is being created.",
      lastUpdate: "InProgress",
      latest: version,
      serving: version,
      published: [],
      tags: input.Tags ?? {},
      policy: [],
      reservedConcurrency: undefined,
      eventInvoke: undefined,
    };
    this.#all.set(name, fn);
    void this.#settle(fn);
    return fn;
  }

  async reconfigure(
    fn: LambdaFunction,
    { Code, ...input }: ConfigurationInput & { Code?: CodeSource },
    architectures?: readonly string[],
  ): Promise<void> {
    if (fn.lastUpdate === "InProgress") {
      const what = `An update is in progress for resource: ${fn.arn}`;
      throw new AwsError("ResourceConflictException", `The operation cannot be performed at this time. ${what}`, 409);
    }
    const vpc = input.VpcConfig ? await this.parts.network.resolve(input.VpcConfig) : undefined;
    const config = { ...changedConfig(fn.latest.config, input, vpc), ...(architectures ? { architectures } : {}) };
    await this.#checkRole(config.role, config.vpc !== undefined);
    const code = Code ? await this.parts.code.take(Code) : fn.latest.code;
    fn.latest = freshVersion(config, code);
    fn.lastUpdate = "InProgress";
    void this.#settle(fn);
  }

  /** The same code and configuration are the same version. @see https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html */
  publish(fn: LambdaFunction, description: string | undefined): FunctionVersion {
    const last = fn.published.at(-1);
    if (last && last.code === fn.latest.code && last.revisionOf === fn.latest.revisionId) return last;
    const config = description === undefined ? fn.latest.config : { ...fn.latest.config, description };
    const next = Number(last?.version ?? 0) + 1;
    const version = { ...fn.latest, version: String(next), config, revisionId: randomUUID(), revisionOf: fn.latest.revisionId };
    fn.published.push(version);
    return version;
  }

  async delete(fn: LambdaFunction): Promise<void> {
    this.#all.delete(fn.latest.config.name);
    this.parts.onChange(fn);
    this.parts.network.release(fn.latest.config.name);
    await this.parts.applyNetwork();
  }

  /** Connects it; until then what served it serves. */
  async #settle(fn: LambdaFunction): Promise<void> {
    // The call that asked for it is answered first.
    await setImmediate();
    const hasNetwork = fn.latest.config.vpc !== undefined || fn.serving.config.vpc !== undefined;
    try {
      if (hasNetwork) await this.parts.applyNetwork();
      Object.assign(fn, { state: "Active", lastUpdate: "Successful", serving: fn.latest });
    } catch (error) {
      Object.assign(fn, { lastUpdate: "Failed", stateReason: String(error), ...(fn.state === "Pending" ? { state: "Failed" } : {}) });
    }
    this.parts.onChange(fn);
  }

  async #checkRole(roleArn: string, isInVpc: boolean): Promise<void> {
    const { roles } = this.parts;
    if (!(await roles.trusts(roleArn, "lambda.amazonaws.com"))) invalid("The role defined for the function cannot be assumed by Lambda.");
    if (isInVpc && !(await roles.may(roleArn.split("/").at(-1) ?? "", "ec2:CreateNetworkInterface"))) {
      invalid("The provided execution role does not have permissions to call CreateNetworkInterface on EC2");
    }
  }
}

const freshVersion = (config: FunctionConfig, code: FunctionVersion["code"]): FunctionVersion => ({
  version: LATEST,
  config,
  code,
  revisionId: randomUUID(),
  revisionOf: undefined,
  modifiedAt: new Date(),
});
