/**
 * Whether a JSON number keeps its value in an IEEE double, which most programs read it into. 12345678901234567890 does not: it would come
 * back as 12345678901234567000. 0.1 does, as the shortest decimal that names its double.
 */
export function survivesDouble(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  return canonical(text) === canonical(String(value)) || (/^-?\d+$/.test(text) && BigInt(text) === BigInt(value));
}

/** A decimal as its significant digits and a power of ten: one text for each value. Loops, as a pattern would take quadratic time on many zeros. */
function canonical(text: string): string {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const sign = mantissa.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = mantissa.slice(sign.length).split(".");
  const digits = whole + fraction;
  let from = 0;
  let to = digits.length;
  while (from < to && digits[from] === "0") from += 1;
  while (to > from && digits[to - 1] === "0") to -= 1;
  if (from === to) return "0";
  return `${sign}${digits.slice(from, to)}e${Number(exponent) - fraction.length + (digits.length - to)}`;
}
