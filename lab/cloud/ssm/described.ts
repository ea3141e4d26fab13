import { type Command, type Invocation, isOver, type StepResult, statusOf } from "./command";

const seconds = (date: Date): number => date.getTime() / 1000;

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Command.html */
export function commandOf(command: Command): Record<string, unknown> {
  const { status, details } = statusOf(command);
  const count = (...wanted: Invocation["status"][]): number => command.invocations.filter((one) => wanted.includes(one.status)).length;
  return {
    CommandId: command.id,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    Comment: command.comment,
    Parameters: command.parameters,
    InstanceIds: command.instanceIds,
    Targets: command.targets,
    RequestedDateTime: seconds(command.requestedAt),
    ExpiresAfter: seconds(command.requestedAt) + command.timeoutSeconds + command.steps.reduce((sum, step) => sum + step.timeoutSeconds, 0),
    Status: status,
    StatusDetails: details,
    MaxConcurrency: "50",
    MaxErrors: "0",
    TargetCount: command.invocations.length,
    CompletedCount: command.invocations.filter((one) => isOver(one.status)).length,
    ErrorCount: count("Failed", "TimedOut"),
    DeliveryTimedOutCount: command.invocations.filter((one) => one.details === "DeliveryTimedOut").length,
    TimeoutSeconds: command.timeoutSeconds,
  };
}

/** What a step, or all of them, said. @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html */
export function invocationOf(
  command: Command,
  invocation: Invocation,
  steps: readonly StepResult[],
  plugin: string | undefined,
): Record<string, unknown> {
  const [first] = steps;
  const last = steps.at(-1);
  const iso = (date: Date | undefined): string => date?.toISOString() ?? "";
  const one = plugin === undefined ? invocation : (first ?? invocation);
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    PluginName: plugin ?? command.steps[0]?.name,
    ResponseCode: steps.find(({ code }) => code !== 0)?.code ?? (steps.length > 0 ? 0 : -1),
    ExecutionStartDateTime: iso(first?.startedAt),
    ExecutionEndDateTime: iso(last?.endedAt),
    ExecutionElapsedTime: first?.startedAt && last?.endedAt ? `PT${(last.endedAt.getTime() - first.startedAt.getTime()) / 1000}S` : "",
    Status: one.status,
    StatusDetails: one.details,
    StandardOutputContent: steps.map(({ stdout }) => stdout).join(""),
    StandardOutputUrl: "",
    StandardErrorContent: steps.map(({ stderr }) => stderr).join(""),
    StandardErrorUrl: "",
    CloudWatchOutputConfig: { CloudWatchLogGroupName: "", CloudWatchOutputEnabled: false },
  };
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CommandInvocation.html */
export const listedInvocation = (command: Command, invocation: Invocation, withPlugins: boolean): Record<string, unknown> => ({
  CommandId: command.id,
  InstanceId: invocation.instanceId,
  InstanceName: "",
  Comment: command.comment,
  DocumentName: command.documentName,
  DocumentVersion: command.documentVersion,
  RequestedDateTime: seconds(command.requestedAt),
  Status: invocation.status,
  StatusDetails: invocation.details,
  CommandPlugins: withPlugins
    ? invocation.steps.map((step) => ({
        Name: step.name,
        Status: step.status,
        StatusDetails: step.details,
        ResponseCode: step.code,
        Output: step.stdout + (step.stderr === "" ? "" : `\n----------ERROR-------\n${step.stderr}`),
        ...(step.startedAt ? { ResponseStartDateTime: seconds(step.startedAt) } : {}),
        ...(step.endedAt ? { ResponseFinishDateTime: seconds(step.endedAt) } : {}),
      }))
    : [],
});
