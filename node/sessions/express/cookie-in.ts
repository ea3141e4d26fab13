/** The value of one cookie, as it stands in the header. Of several, the first: browsers send the one with the longest path before others. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  const wanted = `${name}=`;
  for (let at = header.indexOf(wanted); at !== -1; at = header.indexOf(wanted, at + 1)) {
    const before = header[at - 1];
    if (before !== undefined && before !== " " && before !== ";") continue;
    const end = header.indexOf(";", at);
    return header.slice(at + wanted.length, end === -1 ? undefined : end).trim();
  }
  return undefined;
}
