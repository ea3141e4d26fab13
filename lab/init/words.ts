const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", s: " ", "\\": "\\", '"': '"', "'": "'" };

/** Splits at blanks as systemd does: quotes keep blanks together, a backslash escapes. @see systemd.syntax(7) */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "\\") {
      const escaped = text.charAt(++at);
      const value = ESCAPES[escaped];
      if (value === undefined) throw new Error(`must escape one of n t r s \\ " ', got \\${escaped}`);
      word = (word ?? "") + value;
    } else if (quote !== "") {
      if (char === quote) quote = "";
      else word = (word ?? "") + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= "";
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + char;
    }
  }
  if (quote !== "") throw new Error(`must close its quote ${quote}, got ${text}`);
  if (word !== undefined) words.push(word);
  return words;
}
