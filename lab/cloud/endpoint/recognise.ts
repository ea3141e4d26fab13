/** What a request to AWS asks for, as far as its head and a form body tell. */
export interface Call {
  /** The signing name: ec2, autoscaling, elasticloadbalancing, s3, …; empty for an unsigned request. */
  service: string;
  /** RunInstances, …; the method for REST services. */
  action: string;
  /** Form parameters of the query protocol. */
  params: Readonly<Record<string, string>>;
}

export interface RequestHead {
  method: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** SigV4's credential scope: key/date/region/service/aws4_request. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const SCOPE = /Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;

export const isForm = (head: RequestHead): boolean => String(head.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");

export function recognise(head: RequestHead, formBody: string): Call {
  const service = SCOPE.exec(String(head.headers.authorization ?? ""))?.[1] ?? "";
  const params = Object.fromEntries(new URLSearchParams(formBody));
  // JSON services name their action in a header: AmazonSSM.GetParameter.
  const target = String(head.headers["x-amz-target"] ?? "")
    .split(".")
    .at(-1);
  return { service, action: params.Action || target || head.method, params };
}

/** Calls after which the machine may have to be made to match. */
export const changesSomething = (call: Call): boolean => !/^(Describe|Get|List|Head|GET|HEAD|Assume|Decode)/.test(call.action);
