import { z } from "zod";

const UNIT_SECONDS = { h: 3600, m: 60, s: 1 } as const;

/** As Go writes it: `90s`, `10m`, `1h30m`; `0` is none. */
export const duration = z
  .string()
  .regex(/^(0|(\d+h)?(\d+m)?(\d+s)?)$/, "must be a duration like 90s, 10m or 1h30m")
  .min(1);

export function seconds(text: string): number {
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS], 0);
}
