import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { check as checkInputs, type Failure } from "./check";
import { type Difference, diff as difference } from "./diff";
import * as lifecycle from "./lifecycle";
import { decode, encode } from "./property-values";
import { empty } from "./protobuf";
import type { Call, Resource } from "./resource";
import type { Session } from "./session";
import { waitFor } from "./wait";

/** A request about one resource, in the engine's words, answered in the engine's words. */
export interface Asked<Request> {
  resource: Resource;
  request: Request;
  session: Session;
  /** Ends when the engine goes away. */
  gone: AbortSignal;
}

export function check({ resource, request, session }: Asked<pb.CheckRequest>): pb.CheckResponse {
  const [olds, news] = [decode(request.getOlds()), decode(request.getNews())];
  const { inputs, failures } = checkInputs(resource, {
    resourceName: request.getName() || (request.getUrn().split("::").at(-1) ?? ""),
    olds: olds.properties,
    news: news.properties,
    seed: request.getRandomseed_asU8(),
    ...session.settings,
  });
  const response = new pb.CheckResponse();
  response.setInputs(encode(inputs, news.secrets.has("tags") ? new Set([...news.secrets, "tagsAll"]) : news.secrets));
  response.setFailuresList(failures.map(failureOf));
  return response;
}

export function failureOf(failure: Failure): pb.CheckFailure {
  const one = new pb.CheckFailure();
  one.setProperty(failure.property);
  one.setReason(failure.reason);
  return one;
}

export function diff({ resource, request }: Asked<pb.DiffRequest>): pb.DiffResponse {
  const found = difference(resource, decode(request.getOldInputs()).properties, decode(request.getNews()).properties);
  const response = new pb.DiffResponse();
  response.setChanges(found.changed.length > 0 ? pb.DiffResponse.DiffChanges.DIFF_SOME : pb.DiffResponse.DiffChanges.DIFF_NONE);
  response.setDiffsList(found.changed);
  response.setReplacesList(found.replaces);
  response.setDeletebeforereplace(found.deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const [path, one] of found.detailed) response.getDetaileddiffMap().set(path, propertyDiff(one));
  const stables = Object.keys(resource.computed).filter((key) => resource.computed[key] === "stable");
  response.setStablesList(found.replaces.length > 0 ? [] : ["id", ...stables]);
  return response;
}

export async function create({ resource, request, session, gone }: Asked<pb.CreateRequest>): Promise<pb.CreateResponse> {
  const { properties, secrets } = decode(request.getProperties());
  const response = new pb.CreateResponse();
  if (request.getPreview()) {
    response.setProperties(encode(lifecycle.previewCreate(resource, properties), withOwn(resource, secrets)));
    return response;
  }
  const { id, state } = await lifecycle.create(resource, properties, callOf(session, gone, request.getTimeout()));
  response.setId(id);
  response.setProperties(encode(state, withOwn(resource, secrets)));
  return response;
}

export async function read({ resource, request, session, gone }: Asked<pb.ReadRequest>): Promise<pb.ReadResponse> {
  const [inputs, state] = [decode(request.getInputs()), decode(request.getProperties())];
  const secrets = withOwn(resource, inputs.secrets, state.secrets);
  const call = callOf(session, gone, request.getTimeout());
  const found = await lifecycle.read(resource, request.getId(), inputs.properties, state.properties, call);
  const response = new pb.ReadResponse();
  if (!found) return response;
  response.setId(request.getId());
  response.setProperties(encode(found.state, secrets));
  response.setInputs(encode(found.inputs, secrets));
  return response;
}

export async function update({ resource, request, session, gone }: Asked<pb.UpdateRequest>): Promise<pb.UpdateResponse> {
  const [olds, news, state] = [decode(request.getOldInputs()), decode(request.getNews()), decode(request.getOlds())];
  const call = callOf(session, gone, request.getTimeout());
  const updated = request.getPreview()
    ? lifecycle.previewUpdate(resource, state.properties, news.properties)
    : await lifecycle.update(resource, request.getId(), { olds: olds.properties, news: news.properties, state: state.properties }, call);
  const response = new pb.UpdateResponse();
  response.setProperties(encode(updated, withOwn(resource, news.secrets)));
  return response;
}

export async function remove({ resource, request, session, gone }: Asked<pb.DeleteRequest>): Promise<Empty> {
  const call = callOf(session, gone, request.getTimeout());
  await lifecycle.remove(resource, request.getId(), decode(request.getProperties()).properties, call);
  return empty();
}

/** The names of the properties that an error about this request must keep secret. */
export function secretsOf(resource: Resource, request: pb.CreateRequest | pb.UpdateRequest): ReadonlySet<string> {
  return withOwn(resource, decode("getNews" in request ? request.getNews() : request.getProperties()).secrets);
}

function withOwn(resource: Resource, ...more: ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set([...(resource.secrets ?? []), ...more.flatMap((names) => [...names])]);
}

function callOf(session: Session, gone: AbortSignal, timeoutSeconds: number): Call {
  const signal = AbortSignal.any([session.signal, gone]);
  return {
    aws: session.aws,
    region: session.settings.region,
    signal,
    waitFor: (what, limitSeconds, probe) => waitFor({ what, limitSeconds: timeoutSeconds || limitSeconds, signal }, probe),
  };
}

function propertyDiff(one: Difference): pb.PropertyDiff {
  const { Kind } = pb.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const found = new pb.PropertyDiff();
  found.setKind(kinds[one.kind][one.replaces ? 1 : 0]);
  found.setInputdiff(true);
  return found;
}
