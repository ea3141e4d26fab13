import { AwsError } from "./aws-error";
import { jsonAnswer, type ServiceAnswer } from "./endpoint/service-answer";

/** What an own answer gives; undefined: moto's answer. */
export type JsonAction = (input: Readonly<Record<string, unknown>>) => Promise<object | undefined>;

const TYPE = "application/x-amz-json-1.1";

/** A service that names its action in a header and speaks JSON. @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export function jsonService(actions: Readonly<Record<string, JsonAction>>): ServiceAnswer {
  return async ({ headers, body }) => {
    const name =
      String(headers["x-amz-target"] ?? "")
        .split(".")
        .at(-1) ?? "";
    const action = actions[name];
    if (!action) return undefined;
    try {
      const result = await action(body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, unknown>));
      return result && jsonAnswer(200, result, { "content-type": TYPE });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return jsonAnswer(error.status, { __type: error.code, message: error.message }, { "content-type": TYPE, "x-amzn-errortype": error.code });
    }
  };
}
