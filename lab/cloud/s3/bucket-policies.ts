import { escapeXml } from "../query-protocol";

export interface RestAnswer {
  status: number;
  type: string;
  body: string;
}

/**
 * Bucket policies are kept here and not enforced: moto does not know conditions, and would take "deny unless by TLS" for "deny". What a policy
 * would refuse is therefore not refused in the lab (docs/fidelity.md).
 */
export class BucketPolicies {
  readonly #policies = new Map<string, string>();

  /** The answer to a request for `?policy` of a bucket; undefined for any other request. */
  answer(method: string, host: string, url: string, body: string): RestAnswer | undefined {
    const { pathname, searchParams } = new URL(url, "http://lab");
    if (!searchParams.has("policy")) return undefined;
    const bucket = /^(.+)\.s3[.-]/.exec(host)?.[1] ?? pathname.split("/")[1] ?? "";
    switch (method) {
      case "PUT":
        this.#policies.set(bucket, body);
        return { status: 204, type: "application/xml", body: "" };
      case "DELETE":
        this.#policies.delete(bucket);
        return { status: 204, type: "application/xml", body: "" };
      case "GET":
        return this.#get(bucket);
      default:
        return undefined;
    }
  }

  #get(bucket: string): RestAnswer {
    const policy = this.#policies.get(bucket);
    if (policy !== undefined) return { status: 200, type: "application/json", body: policy };
    const error = `<Code>NoSuchBucketPolicy</Code><Message>The bucket policy does not exist</Message><BucketName>${escapeXml(bucket)}</BucketName>`;
    return { status: 404, type: "application/xml", body: `<?xml version="1.0" encoding="UTF-8"?><Error>${error}</Error>` };
  }
}
