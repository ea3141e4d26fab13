/** An IPv4 block: the first address as a number, and the length of its prefix. */
export interface Cidr {
  base: number;
  prefix: number;
}

/** @throws when the text is not a block's first address and prefix length. */
export function parseCidr(text: string): Cidr {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = match ? match.slice(1).map(Number) : [];
  if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32) throw new Error(`must be like 10.20.0.0/16, got ${text}`);
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  if (base % 2 ** (32 - prefix) !== 0) throw new Error(`must begin at the block's first address, got ${text}`);
  return { base, prefix };
}

export const formatCidr = ({ base, prefix }: Cidr): string =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${prefix}`;

export const isInside = (inner: Cidr, outer: Cidr): boolean =>
  inner.prefix >= outer.prefix && inner.base >= outer.base && inner.base < outer.base + 2 ** (32 - outer.prefix);

/** The index-th block of that prefix length inside another, counted from its beginning. */
export const blockOf = (outer: Cidr, prefix: number, index: number): Cidr => ({ base: outer.base + index * 2 ** (32 - prefix), prefix });
