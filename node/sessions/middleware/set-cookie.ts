/** The attributes of a cookie as they are sent. */
export interface CookieAttributes {
  readonly domain?: string | undefined;
  readonly path?: string | undefined;
  readonly expires?: Date | null | false | undefined;
  readonly httpOnly?: boolean | undefined;
  readonly secure?: boolean | undefined;
  readonly partitioned?: boolean | undefined;
  readonly priority?: string | undefined;
  readonly sameSite?: boolean | string | undefined;
}

/** Neither of them may hold what ends an attribute. @see https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1 */
const ATTRIBUTE = /^[ -:<-~]*$/;
const WORDS = /^[a-z]+$/i;

/** The value of a Set-Cookie header. `pair`: `name=value`, encoded. @throws TypeError for what would not be one cookie any more */
export function setCookie(pair: string, cookie: CookieAttributes): string {
  let text = pair;
  if (cookie.domain) text += `; Domain=${checked("domain", cookie.domain, ATTRIBUTE)}`;
  if (cookie.path) text += `; Path=${checked("path", cookie.path, ATTRIBUTE)}`;
  if (cookie.expires) {
    if (Number.isNaN(cookie.expires.getTime())) throw new TypeError("session cookie/expires: must be a valid Date");
    text += `; Expires=${cookie.expires.toUTCString()}`;
  }
  if (cookie.httpOnly) text += "; HttpOnly";
  if (cookie.secure) text += "; Secure";
  if (cookie.partitioned) text += "; Partitioned";
  if (cookie.priority) text += `; Priority=${titled(checked("priority", cookie.priority, WORDS))}`;
  if (cookie.sameSite) text += `; SameSite=${cookie.sameSite === true ? "Strict" : titled(checked("sameSite", cookie.sameSite, WORDS))}`;
  return text;
}

function checked(attribute: string, value: string, pattern: RegExp): string {
  if (!pattern.test(value)) throw new TypeError(`session cookie/${attribute}: must be plain text without a semicolon, got ${JSON.stringify(value)}`);
  return value;
}

const titled = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
