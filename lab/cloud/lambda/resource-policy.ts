/** Who else may invoke a function. @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
export interface Statement {
  Sid: string;
  Effect: "Allow";
  Principal: { Service: string } | { AWS: string } | "*";
  Action: string;
  Resource: string;
  Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PermissionInput {
  StatementId: string;
  Action: string;
  Principal: string;
  SourceArn?: string | undefined;
  SourceAccount?: string | undefined;
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
export function statement(input: PermissionInput, resource: string): Statement {
  const isService = input.Principal.endsWith(".amazonaws.com");
  const account = /^\d{12}$/.test(input.Principal) ? `arn:aws:iam::${input.Principal}:root` : input.Principal;
  return {
    Sid: input.StatementId,
    Effect: "Allow",
    Principal: isService ? { Service: input.Principal } : input.Principal === "*" ? "*" : { AWS: account },
    Action: input.Action,
    Resource: resource,
    ...(input.SourceArn === undefined && input.SourceAccount === undefined
      ? {}
      : {
          Condition: {
            ...(input.SourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": input.SourceArn } }),
            ...(input.SourceAccount === undefined ? {} : { StringEquals: { "AWS:SourceAccount": input.SourceAccount } }),
          },
        }),
  };
}

/** May this service invoke, on behalf of this resource? A service without a statement of its own may not. */
export function permits(policy: readonly Statement[], service: string, sourceArn: string, account: string): boolean {
  return policy.some(({ Principal, Action, Condition }) => {
    const isFor = Principal === "*" || ("Service" in Principal && Principal.Service === service);
    const like = Condition?.ArnLike?.["AWS:SourceArn"];
    const owner = Condition?.StringEquals?.["AWS:SourceAccount"];
    return (
      isFor &&
      ["lambda:InvokeFunction", "lambda:*", "*"].includes(Action) &&
      (like === undefined || isLike(like, sourceArn)) &&
      (owner === undefined || owner === account)
    );
  });
}

/** `*` and `?` as in IAM. */
function isLike(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(text);
}
