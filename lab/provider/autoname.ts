import { createHash, randomBytes } from "node:crypto";
import type { Autoname } from "./resource";

const HEX_DIGITS = 7;

/**
 * `<name>-<7 hex>`, as pulumi-aws names what has no name. Like it, a name that would be too long is refused, not cut.
 * The engine's seed makes an update choose what the preview said.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
 */
export function autoname(resourceName: string, rule: Autoname, seed: Uint8Array): string {
  const prefix = `${rule.form ? rule.form(resourceName) : resourceName}-`;
  if (prefix.length + HEX_DIGITS > rule.maxLength) {
    throw new Error(
      `cannot be made from the resource's name: '${prefix}' plus ${HEX_DIGITS} random chars is longer than maximum length ${rule.maxLength}`,
    );
  }
  const random = seed.length > 0 ? createHash("sha256").update(seed).digest() : randomBytes(HEX_DIGITS);
  return prefix + random.toString("hex").slice(0, HEX_DIGITS);
}
