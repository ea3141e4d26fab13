import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { InitFailed } from "./lifecycle";
import { encode } from "./property-values";
import { statusWithOneDetail } from "./protobuf";

/** An error as the engine wants it; a failed initialization carries the id and the state in gRPC's rich error details. */
export function grpcError(error: unknown, secrets: ReadonlySet<string> = new Set()): Partial<ServiceError> {
  const message = describe(error);
  if (!(error instanceof InitFailed)) return { code: status.UNKNOWN, message };
  const failed = new ErrorResourceInitFailed();
  failed.setId(error.id);
  failed.setProperties(encode(error.state, secrets));
  failed.setReasonsList([message]);
  const rich = statusWithOneDetail();
  rich.setCode(status.UNKNOWN);
  rich.setMessage(message);
  rich.getDetailsList()[0]?.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(rich.serializeBinary()));
  return { code: status.UNKNOWN, message, metadata };
}

/** AWS names its errors by a code that the message leaves out; an answer that is not AWS's has only its HTTP status. */
function describe(error: unknown): string {
  const cause = error instanceof InitFailed ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  if (!("$metadata" in cause)) return isDeserialization(cause) ? `the endpoint answered ${statusOf(cause)} and not as AWS does` : cause.message;
  if (cause.name === "UnknownError") return `the endpoint answered ${statusOf(cause)} without a reason`;
  return cause.message.includes(cause.name) ? cause.message : `${cause.name}: ${cause.message}`;
}

const isDeserialization = (error: Error): boolean => "$response" in error && /deserialization error/i.test(error.message);

function statusOf(error: Error): string {
  const { $metadata, $response } = error as { $metadata?: { httpStatusCode?: number }; $response?: { statusCode?: number } };
  return String($metadata?.httpStatusCode ?? $response?.statusCode ?? "something");
}
