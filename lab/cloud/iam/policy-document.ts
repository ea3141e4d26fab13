/** As much of a policy as the lab looks at: who it lets do what. Resources, conditions and what denies are not looked at (docs/fidelity.md). */
interface Statement {
  Effect?: string;
  Action?: string | string[];
  Principal?: "*" | Readonly<Record<string, string | string[]>>;
}

const listed = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** A policy's statements; documents arrive as IAM answers them. */
export function statementsOf(document: string): Statement[] {
  const text = document.trimStart().startsWith("{") ? document : decodeURIComponent(document);
  return listed((JSON.parse(text) as { Statement?: Statement | Statement[] }).Statement);
}

/** `ec2:*`, `ec2:Create*` and `*` are actions too, in any case. */
function covers(pattern: string, action: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i").test(action);
}

export const allowsAction = (documents: readonly string[], action: string): boolean =>
  documents.flatMap(statementsOf).some((one) => one.Effect === "Allow" && listed(one.Action).some((pattern) => covers(pattern, action)));

/** Does a resource's own policy let this service do this? A role's trust policy is one too. */
export const letsService = (document: string, service: string, action: string): boolean =>
  statementsOf(document).some((one) => {
    const { Principal: who } = one;
    const isFor = who === "*" || listed(who?.Service).includes(service);
    return one.Effect === "Allow" && isFor && listed(one.Action).some((pattern) => covers(pattern, action));
  });
