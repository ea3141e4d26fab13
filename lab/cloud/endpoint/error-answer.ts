import { element } from "../query-protocol";
import type { Call } from "./recognise";

export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A failure of the lab itself, said as the service would say an internal error of its own. */
export function internalError(call: Call, contentType: string, message: string, requestId: string): ErrorAnswer {
  const answer = (code: string, type: string, body: string): ErrorAnswer => ({
    status: 500,
    headers: { "content-type": type, "x-amzn-requestid": requestId, "x-amzn-errortype": code },
    body,
  });
  // @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
  if (contentType.startsWith("application/x-amz-json"))
    return answer("InternalFailure", contentType, JSON.stringify({ __type: "InternalFailure", message }));
  // @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  if (call.service === "s3") {
    return answer(
      "InternalError",
      "application/xml",
      `<Error>${element("Code", "InternalError")}${element("Message", message)}${element("RequestId", requestId)}</Error>`,
    );
  }
  const error = `<Error>${element("Code", "InternalFailure")}${element("Message", message)}</Error>`;
  // @see https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
  if (call.service === "ec2")
    return answer("InternalFailure", "text/xml", `<Response><Errors>${error}</Errors>${element("RequestID", requestId)}</Response>`);
  return answer("InternalFailure", "text/xml", `<ErrorResponse>${error}${element("RequestId", requestId)}</ErrorResponse>`);
}
