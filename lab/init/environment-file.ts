/** Content of an EnvironmentFile=: `KEY=value` lines, comments with # or ;, quotes and continued lines as in systemd.exec(5). */
export function parseEnvironmentFile(text: string): Record<string, string> {
  const env: Record<string, string> = {};
  const pattern = /^[ \t]*([A-Za-z_]\w*)=[ \t]*((?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\\[\s\S]|[^\n\\"'])*)$/gm;
  const uncommented = text.replace(/^[ \t]*[#;].*$/gm, "");
  for (const [, key = "", value = ""] of uncommented.matchAll(pattern)) env[key] = unquote(value.trimEnd());
  return env;
}

const unquote = (value: string): string =>
  value.replace(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])/g, (_, double?: string, single?: string, escaped?: string) => {
    if (double !== undefined)
      return double.replace(/\\([\s\S])/g, (whole, char: string) => (char === "\n" ? "" : '"\\`$'.includes(char) ? char : whole));
    if (single !== undefined) return single;
    return escaped === "\n" ? "" : (escaped ?? "");
  });
