import { randomUUID } from "node:crypto";
import { type EC2Client, DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { GetDocumentCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { z } from "zod";
import { AwsError } from "../aws-error";
import type { ServiceAnswer } from "../endpoint/service-answer";
import { jsonService } from "../json-protocol";
import type { ManagedInstance } from "./agent";
import { type Command, type Invocation, isOver } from "./command";
import { commandSteps, RUN_SHELL_SCRIPT } from "./command-document";
import { Commands, type CommandsParts } from "./commands";
import { commandOf, invocationOf, listedInvocation } from "./described";

export interface SystemsManagerParts extends CommandsParts {
  ec2: EC2Client;
  ssm: SSMClient;
  /** Those that run and whose role lets their agent report. */
  managed: () => Promise<(ManagedInstance & { privateIp: string; hostName: string })[]>;
}

const target = z.object({
  Key: z.string().regex(/^(InstanceIds|tag-key|tag:.+)$/, "must be InstanceIds, tag-key or tag:NAME"),
  Values: z.array(z.string()).min(1),
});

const sendInput = z.object({
  DocumentName: z.string(),
  DocumentVersion: z.string().default("$DEFAULT"),
  InstanceIds: z.array(z.string()).max(50).default([]),
  Targets: z.array(target).max(5).default([]),
  Parameters: z.record(z.string(), z.array(z.string())).default({}),
  Comment: z.string().max(100).default(""),
  /** Seconds. */
  TimeoutSeconds: z.int().min(30).max(2_592_000).default(3600),
});

const invocationInput = z.object({
  CommandId: z.string().optional(),
  InstanceId: z.string().optional(),
  PluginName: z.string().optional(),
  Details: z.boolean().optional(),
});

/** Run Command of Systems Manager, run for real; moto keeps documents and parameters. */
export class SystemsManager {
  readonly answer: ServiceAnswer;
  readonly #commands: Commands;

  constructor(private readonly parts: SystemsManagerParts) {
    this.#commands = new Commands(parts);
    this.answer = jsonService({
      SendCommand: async (input) => ({ Command: commandOf(await this.#send(input)) }),
      CancelCommand: async (input) => this.#cancel(input),
      ListCommands: async (input) => {
        const { CommandId, InstanceId } = checked(invocationInput, input);
        const found = this.#commands
          .all()
          .filter((one) => (CommandId ?? one.id) === one.id && (!InstanceId || one.invocations.some(({ instanceId }) => instanceId === InstanceId)));
        return { Commands: found.map(commandOf) };
      },
      GetCommandInvocation: async (input) => {
        const { CommandId, InstanceId, PluginName } = checked(invocationInput, input);
        const command = this.#commands.get(CommandId ?? "");
        const invocation = command?.invocations.find(({ instanceId }) => instanceId === InstanceId);
        if (!command || !invocation) throw new AwsError("InvocationDoesNotExist", "");
        if (PluginName !== undefined && !command.steps.some(({ name }) => name === PluginName)) throw new AwsError("InvalidPluginName", "");
        const steps = invocation.steps.filter(({ name }) => PluginName === undefined || name === PluginName);
        return invocationOf(command, invocation, steps, PluginName);
      },
      ListCommandInvocations: async (input) => {
        const { CommandId, InstanceId, Details } = checked(invocationInput, input);
        const found = this.#commands.all().filter(({ id }) => (CommandId ?? id) === id);
        const invocations = found.flatMap((command) =>
          command.invocations
            .filter(({ instanceId }) => (InstanceId ?? instanceId) === instanceId)
            .map((one) => listedInvocation(command, one, Details ?? false)),
        );
        return { CommandInvocations: invocations };
      },
      DescribeInstanceInformation: async (input) => ({ InstanceInformationList: await this.#information(input) }),
    });
  }

  stop(): void {
    this.#commands.stop();
  }

  async #send(input: unknown): Promise<Command> {
    const asked = checked(sendInput, input);
    if ((asked.InstanceIds.length === 0) === (asked.Targets.length === 0))
      throw new AwsError("ValidationException", "Specify InstanceIds or Targets, not both.");
    const steps = commandSteps(await this.#document(asked.DocumentName, asked.DocumentVersion), asked.Parameters);
    const managed = (await this.parts.managed()).map(({ id }) => id);
    const unknown = asked.InstanceIds.filter((id) => !managed.includes(id));
    if (unknown.length > 0)
      throw new AwsError("InvalidInstanceId", `Instances [[${unknown.join(", ")}]] not in a valid state for account 123456789012`);
    const chosen = asked.InstanceIds.length > 0 ? asked.InstanceIds : await this.#targeted(managed, asked.Targets);
    const command: Command = {
      id: randomUUID(),
      documentName: asked.DocumentName,
      documentVersion: asked.DocumentVersion,
      comment: asked.Comment,
      parameters: asked.Parameters,
      requestedAt: new Date(),
      timeoutSeconds: asked.TimeoutSeconds,
      steps,
      instanceIds: asked.InstanceIds,
      targets: asked.Targets,
      invocations: chosen.map(
        (instanceId): Invocation => ({ instanceId, status: "Pending", details: "Pending", steps: [], cancel: new AbortController() }),
      ),
    };
    this.#commands.begin(command);
    return command;
  }

  async #document(name: string, version: string): Promise<string> {
    if (name.split("/").at(-1) === "AWS-RunShellScript") return RUN_SHELL_SCRIPT;
    try {
      const { Content } = await this.parts.ssm.send(
        new GetDocumentCommand({ Name: name, DocumentVersion: version === "$DEFAULT" ? undefined : version }),
      );
      return Content ?? "";
    } catch (error) {
      if ((error as Error).name === "InvalidDocument") throw new AwsError("InvalidDocument", `Document with name ${name} does not exist.`);
      throw error;
    }
  }

  /** Every target wants one of its values. */
  async #targeted(managed: readonly string[], targets: z.infer<typeof sendInput>["Targets"]): Promise<string[]> {
    if (managed.length === 0) return [];
    const { Reservations } = await this.parts.ec2.send(new DescribeInstancesCommand({ InstanceIds: [...managed] }));
    const instances = (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
    const fits = instances.filter(({ InstanceId = "", Tags = [] }) =>
      targets.every(({ Key, Values }) => {
        if (Key === "InstanceIds") return Values.includes(InstanceId);
        if (Key === "tag-key") return Tags.some((tag) => Values.includes(tag.Key ?? ""));
        return Tags.some((tag) => `tag:${tag.Key}` === Key && Values.includes(tag.Value ?? ""));
      }),
    );
    return fits.map(({ InstanceId = "" }) => InstanceId);
  }

  #cancel(input: unknown): object {
    const { CommandId, InstanceIds } = checked(z.object({ CommandId: z.string(), InstanceIds: z.array(z.string()).optional() }), input);
    const command = this.#commands.get(CommandId);
    if (!command) throw new AwsError("InvalidCommandId", "");
    for (const { instanceId, status, cancel } of command.invocations) {
      if (!isOver(status) && (InstanceIds?.includes(instanceId) ?? true)) cancel.abort();
    }
    return {};
  }

  /** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html */
  async #information(input: unknown): Promise<Record<string, unknown>[]> {
    const { Filters = [], InstanceInformationFilterList: old = [] } = input as {
      Filters?: { Key: string; Values: string[] }[];
      InstanceInformationFilterList?: { key: string; valueSet: string[] }[];
    };
    const filters = [...Filters, ...old.map(({ key, valueSet }) => ({ Key: key, Values: valueSet }))];
    const described = (await this.parts.managed()).map(async (instance) => ({
      InstanceId: instance.id,
      PingStatus: (await this.parts.reaches(instance)) ? "Online" : "ConnectionLost",
      LastPingDateTime: Date.now() / 1000,
      AgentVersion: "3.3.0.0",
      IsLatestVersion: true,
      PlatformType: "Linux",
      PlatformName: "Amazon Linux",
      PlatformVersion: "2023",
      ResourceType: "EC2Instance",
      IPAddress: instance.privateIp,
      ComputerName: instance.hostName,
    }));
    const fields: Record<string, string> = {
      InstanceIds: "InstanceId",
      PingStatus: "PingStatus",
      PlatformTypes: "PlatformType",
      ResourceType: "ResourceType",
    };
    return (await Promise.all(described)).filter((one: Record<string, unknown>) =>
      filters.every(({ Key, Values }) => {
        const field = fields[Key] ?? invalidFilter(Key, Object.keys(fields));
        return Values.includes(String(one[field]));
      }),
    );
  }
}

const invalidFilter = (key: string, known: readonly string[]): never => {
  throw new AwsError("InvalidFilterKey", `must be of ${known.join(", ")}, which the lab has, got ${key}`);
};

function checked<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AwsError("ValidationException", z.prettifyError(parsed.error));
}
