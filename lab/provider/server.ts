import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { grpcError } from "./failure";
import { answerInvoke, type Invoke } from "./invoke";
import { decode } from "./property-values";
import { type Configuration, checkConfig, diffConfig, parseSettings } from "./provider-config";
import * as requests from "./requests";
import { empty } from "./protobuf";
import type { Resource } from "./resource";
import type { Sessions } from "./session";

/** What one Pulumi provider offers. */
export interface Package {
  version: string;
  resources: readonly Resource[];
  invokes: readonly Invoke[];
  configuration: Configuration;
}

/** The engine's protocol on one side, the life of each resource type on the other. */
export function serviceOf(own: Package, sessions: Sessions): UntypedServiceImplementation {
  const byType = new Map(own.resources.map((resource) => [resource.type, resource]));
  const resourceOf = (request: ResourceRequest): Resource => {
    const type = request.getType() || (request.getUrn().split("::")[2] ?? "").split("$").at(-1) || request.getUrn();
    const resource = byType.get(type);
    if (!resource) throw new Error(`${type}: the lab has no such resource type`);
    return resource;
  };
  const resourceCall = <Request extends ResourceRequest, Response>(answer: (asked: requests.Asked<Request>) => Response | Promise<Response>) =>
    unary<Request, Response>(
      async (request, peer, gone) => answer({ resource: resourceOf(request), request, session: sessions.of(peer), gone }),
      (request) =>
        request instanceof pb.CreateRequest || request instanceof pb.UpdateRequest ? requests.secretsOf(resourceOf(request), request) : undefined,
    );
  return {
    handshake: unary(async () => accepting(new pb.ProviderHandshakeResponse())),
    getPluginInfo: unary(async () => pluginInfo(own.version)),
    attach: unary(async () => empty()),
    checkConfig: unary(async (request: pb.CheckRequest) => checkConfig(request, own.configuration)),
    diffConfig: unary(async (request: pb.DiffRequest) => diffConfig(request)),
    configure: unary(async (request: pb.ConfigureRequest, peer) => {
      sessions.open(peer, parseSettings(decode(request.getArgs()).properties, own.configuration));
      return configured(new pb.ConfigureResponse());
    }),
    check: resourceCall(requests.check),
    diff: resourceCall(requests.diff),
    create: resourceCall(requests.create),
    read: resourceCall(requests.read),
    update: resourceCall(requests.update),
    delete: resourceCall(requests.remove),
    invoke: unary((request: pb.InvokeRequest, peer) => answerInvoke(own.invokes, request, sessions.of(peer))),
    cancel: unary(async (_: Empty, peer) => {
      sessions.cancel(peer);
      return empty();
    }),
  };
}

/** Listens on a free port of loopback. */
export async function serve(service: UntypedServiceImplementation): Promise<{ port: number; server: Server }> {
  // The engine's own limit: states and user data can be larger than gRPC's default of 4 MiB.
  const bytes = 400 * 1024 * 1024;
  const server = new Server({ "grpc.max_receive_message_length": bytes, "grpc.max_send_message_length": bytes });
  server.addService(ResourceProviderService, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { port, server };
}

interface ResourceRequest {
  getType(): string;
  getUrn(): string;
}

function unary<Request, Response>(
  answer: (request: Request, peer: string, gone: AbortSignal) => Promise<Response>,
  secretsOf: (request: Request) => ReadonlySet<string> | undefined = () => undefined,
) {
  return (call: ServerUnaryCall<Request, Response>, respond: sendUnaryData<Response>): void => {
    const gone = new AbortController();
    call.on("cancelled", () => gone.abort());
    answer(call.request, call.getPeer(), gone.signal)
      .then(
        (response) => respond(null, response),
        (error: unknown) => respond(grpcError(error, secretsOf(call.request))),
      )
      // An answer that cannot be written must not leave the engine waiting for one.
      .catch((error: unknown) => respond({ code: status.INTERNAL, message: String(error) }));
  };
}

function accepting(response: pb.ProviderHandshakeResponse): pb.ProviderHandshakeResponse {
  response.setAcceptSecrets(true);
  response.setAcceptOutputs(true);
  return response;
}

function configured(response: pb.ConfigureResponse): pb.ConfigureResponse {
  response.setAcceptsecrets(true);
  response.setAcceptoutputs(true);
  response.setSupportspreview(true);
  return response;
}

function pluginInfo(version: string): PluginInfo {
  const info = new PluginInfo();
  info.setVersion(version);
  return info;
}
