import { Status } from "@pulumi/pulumi/proto/status_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { grpcError } from "../../../lab/provider/failure";
import { InitFailed } from "../../../lab/provider/lifecycle";
import { decode } from "../../../lab/provider/property-values";

const awsError = (name: string, message: string, httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

test.each([
  ["AWS's code goes before its message", awsError("DependencyViolation", "has dependencies"), "DependencyViolation: has dependencies"],
  ["an answer without a body is named by its status", awsError("UnknownError", "UnknownError", 403), "the endpoint answered 403 without a reason"],
  [
    "an answer that is not AWS's is named by its status",
    Object.assign(new Error("mismatched tags\nDeserialization error: see $response"), { $response: { statusCode: 500 } }),
    "the endpoint answered 500 and not as AWS does",
  ],
  ["any other error is its message", new Error("gave up"), "gave up"],
])("%s", (_, error, message) => {
  expect(grpcError(error).message).toBe(message);
});

test("a failed initialization carries id, state and reason to the engine, secrets as secrets", () => {
  const failed = new InitFailed("sg-1", { name: "web", token: "x" }, awsError("Throttling", "slow down"));
  const error = grpcError(failed, new Set(["token"]));
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const [detail] = Status.deserializeBinary(Uint8Array.from(bytes as Buffer)).getDetailsList();
  const sent = ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
  expect(detail?.getTypeUrl()).toBe("type.googleapis.com/pulumirpc.ErrorResourceInitFailed");
  expect(sent.getId()).toBe("sg-1");
  expect(sent.getReasonsList()).toEqual(["Throttling: slow down"]);
  expect(decode(sent.getProperties())).toEqual({ properties: { name: "web", token: "x" }, secrets: new Set(["token"]) });
});
