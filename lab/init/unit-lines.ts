import { DIRECTIVES } from "./unit-directives";

export interface UnitLine {
  section: string;
  key: string;
  value: string;
  /** The first line is 1. */
  line: number;
}

/** The assignments of a unit file, in order, each of a known directive. @see systemd.syntax(7) */
export function parseUnitLines(name: string, text: string): UnitLine[] {
  const lines: UnitLine[] = [];
  let section = "";
  const source = text.split("\n");
  for (let at = 0; at < source.length; at++) {
    const line = at + 1;
    let content = (source[at] ?? "").trim();
    if (content === "" || content.startsWith("#") || content.startsWith(";")) continue;
    while (content.endsWith("\\") && at + 1 < source.length) content = `${content.slice(0, -1)} ${(source[++at] ?? "").trim()}`;
    const header = /^\[(.+)\]$/.exec(content)?.[1];
    if (header !== undefined) {
      if (!DIRECTIVES[header]) throw new Error(`${name}:${line}: must be a section of ${Object.keys(DIRECTIVES).join(", ")}, got [${header}]`);
      section = header;
      continue;
    }
    const equals = content.indexOf("=");
    if (equals < 1) throw new Error(`${name}:${line}: must be Directive=value, got ${content}`);
    const key = content.slice(0, equals).trim();
    if (!DIRECTIVES[section]?.[key]) throw new Error(`${name}:${line}: [${section}] must have directives known to the lab, got ${key}`);
    lines.push({ section, key, value: content.slice(equals + 1).trim(), line });
  }
  return lines;
}
