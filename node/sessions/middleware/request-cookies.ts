/** Of one door; made once. Both end with `=`. */
export interface CookieNames {
  readonly session: string;
  readonly version: string;
}

/** As they stand in the header, not decoded. */
export interface CarriedCookies {
  session: string | undefined;
  version: string | undefined;
}

const SPACE = 32;

/** The first of a name counts, as in the `cookie` package. */
export function carriedCookies(header: string | undefined, names: CookieNames): CarriedCookies {
  const carried: CarriedCookies = { session: undefined, version: undefined };
  if (header === undefined) return carried;
  for (let at = 0; at < header.length; ) {
    const next = header.indexOf(";", at);
    const end = next === -1 ? header.length : next;
    while (header.charCodeAt(at) === SPACE) at += 1;
    if (header.startsWith(names.session, at)) carried.session ??= valueOf(header, at + names.session.length, end);
    else if (header.startsWith(names.version, at)) carried.version ??= valueOf(header, at + names.version.length, end);
    at = end + 1;
  }
  return carried;
}

function valueOf(header: string, from: number, to: number): string {
  const value = header.slice(from, to).trim();
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
