type Params = Readonly<Record<string, string>>;

/** The entries of `Name.<any>.1`, `Name.<any>.2`, …: ElastiCache names the members of its lists (`Tags.Tag.1.Key`). Inner parts by their name, "" for a plain value. */
function entries(params: Params, name: string): Record<string, string>[] {
  const found: Record<string, string>[] = [];
  for (const [key, value] of Object.entries(params)) {
    const match = /^([^.]+)\.[^.]+\.(\d+)(?:\.(.+))?$/.exec(key);
    if (match === null || match[1] !== name) continue;
    const index = Number(match[2]) - 1;
    found[index] = { ...found[index], [match[3] ?? ""]: value };
  }
  return found.filter(Boolean);
}

/** The values of a list of texts; undefined when it was not given. */
export function texts(params: Params, name: string): string[] | undefined {
  const found = entries(params, name);
  return found.length === 0 ? undefined : found.map((entry) => entry[""] ?? "");
}

/** The members of a list of structures. */
export const structs = (params: Params, name: string): Record<string, string>[] => entries(params, name);

export const flag = (params: Params, name: string): boolean | undefined => (params[name] === undefined ? undefined : params[name] === "true");

export const whole = (params: Params, name: string): number | undefined => (params[name] === undefined ? undefined : Number(params[name]));

/** `<List><Member>…</Member></List>` of what is XML already. */
export const namedList = (name: string, member: string, inner: readonly string[]): string =>
  `<${name}>${inner.map((one) => `<${member}>${one}</${member}>`).join("")}</${name}>`;
