import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { EniState } from "../../machine/network-state";
import { roleCredentials } from "../ec2/role-credentials";
import { jsonAnswer, type ServiceAnswer } from "../endpoint/service-answer";
import { roleNameOf } from "../iam/roles";
import { restService } from "../rest-protocol";
import type { SubnetAddresses } from "../subnet-addresses";
import { type AsyncEventsParts, AsyncEvents, AWS_RETRY_TIMES, type RetryTimes } from "./async-events";
import { CodeStore, type FetchObject } from "./code-store";
import { concurrencyAnswers } from "./concurrency-answers";
import { eventInvokeAnswers } from "./event-invoke-answers";
import { LATEST } from "./function";
import { functionAnswers } from "./function-answers";
import { FunctionNetwork } from "./function-network";
import { Functions, type FunctionsParts } from "./functions";
import { invokeAnswers } from "./invoke-answers";
import { permissionAnswers } from "./permission-answers";
import { permits } from "./resource-policy";
import { Runner } from "./runner";
import type { SandboxHost } from "./sandbox";
import { tagAnswers } from "./tag-answers";

export interface LambdaParts {
  labDir: string;
  ec2: EC2Client;
  addresses: SubnetAddresses;
  roles: FunctionsParts["roles"];
  host: SandboxHost;
  fetchObject: FetchObject;
  applyNetwork: () => Promise<void>;
  /** Besides the function's own file. */
  putLog: (group: string, stream: string, line: string) => void;
  deliver: AsyncEventsParts["deliver"];
  onFailure: (error: unknown) => void;
  /** AWS's when absent. */
  retryTimes?: RetryTimes;
}

/** The Lambda service of the lab: moto has its API but runs nothing without a container engine. */
export class Lambda {
  readonly answer: ServiceAnswer;
  readonly #functions: Functions;
  readonly #runner: Runner;
  readonly #events: AsyncEvents;

  constructor({ labDir, ec2, addresses, roles, host, ...parts }: LambdaParts) {
    const network = new FunctionNetwork(ec2, addresses);
    const functions: Functions = new Functions({
      code: new CodeStore(join(labDir, "functions/code"), parts.fetchObject),
      network,
      roles,
      applyNetwork: parts.applyNetwork,
      onChange: (fn) => runner.retire(fn),
    });
    const runner: Runner = new Runner({
      host,
      credentialsOf: (roleArn) => roleCredentials(roleNameOf(roleArn), new Date()),
      placesOf: ({ config }) => network.places(config),
      reservedBeside: (fn) => functions.reserved(fn),
      log: ({ config }, stream, line) => {
        appendFileSync(join(labDir, `logs/lambda-${config.name}.log`), `${line}\n`);
        parts.putLog(config.logging.group, stream, line);
      },
    });
    const events = new AsyncEvents({
      run: (...asked) => runner.run(...asked),
      deliver: parts.deliver,
      onFailure: parts.onFailure,
      times: parts.retryTimes ?? AWS_RETRY_TIMES,
    });
    const answer = restService({
      ...functionAnswers(functions),
      ...permissionAnswers(functions),
      ...tagAnswers(functions),
      ...concurrencyAnswers(functions),
      ...eventInvokeAnswers(functions),
      ...invokeAnswers(functions, runner, events),
    });
    const unknown = jsonAnswer(404, { Message: "the lab's Lambda has no such operation" }, { "x-amzn-errortype": "UnknownOperationException" });
    // moto knows none of these functions.
    this.answer = async (request) => (await answer(request)) ?? unknown;
    [this.#functions, this.#runner, this.#events] = [functions, runner, events];
  }

  enis(): EniState[] {
    return this.#functions.enis();
  }

  /** An asynchronous invocation by a service, which the function's own policy must let. @throws with what is wrong. */
  invokeFor(service: string, sourceArn: string, functionArn: string, payload: Buffer): void {
    const { fn } = this.#functions.version(functionArn, null);
    const account = fn.arn.split(":")[4] ?? "";
    if (!permits(fn.policy, service, sourceArn, account)) {
      throw new Error(`${fn.arn}: must let ${service} invoke it for ${sourceArn} (AddPermission), has no such statement`);
    }
    this.invokeWithRole(functionArn, payload);
  }

  /** The same where a role of the caller's lets it. */
  invokeWithRole(functionArn: string, payload: Buffer): void {
    const { fn, version } = this.#functions.version(functionArn, null);
    this.#events.take(fn, () => (version.version === LATEST ? fn.serving : version), payload);
  }

  async stop(): Promise<void> {
    this.#events.stop();
    await this.#runner.stop();
  }
}
