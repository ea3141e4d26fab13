import { awsResources } from "../../../lab/provider/aws/catalogue";
import { awsClients } from "../../../lab/provider/aws/clients";
import { check } from "../../../lab/provider/check";
import * as lifecycle from "../../../lab/provider/lifecycle";
import type { Properties } from "../../../lab/provider/property-values";
import type { Call, Resource } from "../../../lab/provider/resource";
import { waitFor } from "../../../lab/provider/wait";

export function typed(token: string): Resource {
  const found = awsResources.find(({ type }) => type === token);
  if (!found) throw new Error(`${token}: no such type`);
  return found;
}

/** A call of the engine as the adapter makes it, at the endpoint of the environment. */
export function liveCall(): Call {
  const { signal } = new AbortController();
  return {
    aws: awsClients("us-east-1"),
    region: "us-east-1",
    signal,
    waitFor: (what, limitSeconds, probe) => waitFor({ what, limitSeconds, signal, pollMs: 20 }, probe),
  };
}

export function checked(resource: Resource, news: Properties, olds: Properties = {}): Properties {
  const { inputs, failures } = check(resource, {
    resourceName: "thing",
    olds,
    news,
    seed: new Uint8Array(),
    region: "us-east-1",
    defaultTags: { stack: "lab" },
  });
  expect(failures).toEqual([]);
  return inputs;
}

export interface Made {
  id: string;
  inputs: Properties;
  state: Properties;
}

export async function make(token: string, news: Properties, call: Call): Promise<Made> {
  const inputs = checked(typed(token), news);
  return { inputs, ...(await lifecycle.create(typed(token), inputs, call)) };
}

/** What is read back is what was declared: a refresh would show nothing. */
export async function expectNoDrift(token: string, made: Made, call: Call): Promise<void> {
  const found = await lifecycle.read(typed(token), made.id, made.inputs, made.state, call);
  expect(found).toEqual({ inputs: made.inputs, state: made.state });
}

/** The same properties with these changed, as an update of the engine. */
export async function change(token: string, made: Made, changes: Properties, call: Call): Promise<Made> {
  const own = Object.fromEntries(Object.keys(typed(token).onChange).map((key) => [key, made.inputs[key]]));
  const declared = Object.fromEntries(Object.entries({ ...own, ...changes }).filter(([, value]) => value !== undefined));
  const inputs = checked(typed(token), declared, made.inputs);
  const state = await lifecycle.update(typed(token), made.id, { olds: made.inputs, news: inputs, state: made.state }, call);
  return { id: made.id, inputs, state };
}

/** Deleted, gone for a read, and deleted again without complaint. */
export async function expectGone(token: string, made: Made, call: Call): Promise<void> {
  await lifecycle.remove(typed(token), made.id, made.state, call);
  expect(await lifecycle.read(typed(token), made.id, made.inputs, made.state, call)).toBeUndefined();
  await lifecycle.remove(typed(token), made.id, made.state, call);
}
