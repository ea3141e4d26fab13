/** Where the lab's functions are: moto's account. */
const ARN = "arn:aws:lambda:us-east-1:123456789012:function";

export const functionArn = (name: string): string => `${ARN}:${name}`;

/** A function by its name, its partial ARN or its ARN, with or without a version. @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function parseReference(reference: string): { name: string; qualifier: string | undefined } {
  const bare = reference
    .replace(/^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:/, "")
    .replace(/^\d{12}:(function:)?/, "")
    .replace(/^function:/, "");
  const [name = "", qualifier] = bare.split(":");
  return { name, qualifier };
}
