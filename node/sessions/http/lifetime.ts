import { Problem } from "./problem";

export const LIFETIME_HEADER = "Session-Lifetime-Ms";

/** A year. */
const MOST_MS = 31_536_000_000;
const LEAST_MS = 1000;

/** Undefined: the header is not there. @throws Problem */
export function parseLifetime(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const lifetimeMs = /^\d{1,11}$/.test(value) ? Number(value) : 0;
  if (lifetimeMs < LEAST_MS || lifetimeMs > MOST_MS) {
    throw new Problem(
      400,
      "invalid-lifetime",
      `${LIFETIME_HEADER}: must be ${LEAST_MS}-${MOST_MS} milliseconds, got ${JSON.stringify(value.slice(0, 40))}`,
    );
  }
  return lifetimeMs;
}
