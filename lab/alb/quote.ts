/** One word of HAProxy's configuration, taken literally. @see http://docs.haproxy.org/2.6/configuration.html#2.2 */
export const quote = (text: string): string => (/^[\w./:=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Literal text inside a log-format string. */
export const literalFormat = (text: string): string => text.replaceAll("%", "%%");

const escapeRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/** ELB's wildcards as a regular expression: `*` is any number of characters, `?` exactly one. */
export const wildcardRegex = (pattern: string, any = "."): string =>
  pattern.replace(/[*?]|[^*?]+/g, (part) => (part === "*" ? `${any}*` : part === "?" ? any : escapeRegex(part)));
