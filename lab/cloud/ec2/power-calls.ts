import type { Call } from "../endpoint/recognise";

const CALLS = { StopInstances: "stop", TerminateInstances: "terminate" } as const;

const idsOf = (params: Readonly<Record<string, string>>): string[] =>
  Object.entries(params).flatMap(([name, id]) => (/^InstanceId\.\d+$/.test(name) ? [id] : []));

/**
 * Ends the instances that a client stops or terminates, before EC2 says that they are. At once, where EC2 first asks their system to shut
 * down (docs/fidelity.md).
 */
export async function followPowerCall(
  { service, action, params }: Call,
  powerOff: (id: string, how: "stop" | "terminate") => Promise<void>,
): Promise<void> {
  if (service !== "ec2" || params.DryRun === "true" || !(action in CALLS)) return;
  await Promise.all(idsOf(params).map((id) => powerOff(id, CALLS[action as keyof typeof CALLS])));
}
