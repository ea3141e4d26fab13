import { splitWords } from "./words";

export interface Command {
  /** `-`: its failure counts as success. */
  mayFail: boolean;
  /** `+`: runs as root whatever User= says. */
  asRoot: boolean;
  words: string[];
}

/** One Exec line. @see https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines */
export function parseCommand(text: string): Command {
  const [, prefixes = "", line = ""] = /^([@\-:+!|]*)\s*(.*)$/s.exec(text.trim()) ?? [];
  const unknown = [...prefixes].find((prefix) => prefix !== "-" && prefix !== "+");
  if (unknown !== undefined) throw new Error(`must begin with - or + or a path, got ${unknown}`);
  const words = splitWords(line);
  if (words.length === 0) throw new Error("must be a command, got nothing");
  return { mayFail: prefixes.includes("-"), asRoot: prefixes.includes("+"), words };
}

function specifiers(word: string, unit: string): string {
  return word.replace(/%(.?)/g, (_, letter: string) => {
    if (letter === "%") return "%";
    if (letter === "n") return unit;
    if (letter === "N" || letter === "p") return unit.replace(/\.[^.]+$/, "");
    throw new Error(`must use the specifiers %% %n %N %p, got %${letter}`);
  });
}

/** `${X}` inside a word is replaced, `$X` as a whole word becomes as many words as it has, `$$` is a dollar. */
export function expandCommand(words: readonly string[], unit: string, env: Readonly<Record<string, string>>): string[] {
  return words.flatMap((raw, position) => {
    const word = specifiers(raw, unit);
    const whole = /^\$([A-Za-z_]\w*)$/.exec(word)?.[1];
    if (whole !== undefined && position > 0) return (env[whole] ?? "").split(/\s+/).filter((part) => part !== "");
    return [word.replace(/\$(?:(\$)|\{([A-Za-z_]\w*)\})/g, (_, dollar: string | undefined, name: string) => (dollar ? "$" : (env[name] ?? "")))];
  });
}
