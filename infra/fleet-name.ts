/** Hex digits of a release's digest that names show: enough that no two releases of a stack share them. */
export const SHORT_DIGEST = 12;

/** The Auto Scaling group's name. Explicit, because the nodes' permissions and configuration speak of it before it exists. */
export const fleetName = (stack: string, digest: string): string => `nplus1-${stack}-${digest.slice(0, SHORT_DIGEST)}`;

/** A listener's rules need different priorities; a release's follows from its digest, so that two fleets can stand side by side. */
export const rulePriority = (digest: string): number => 100 + (Number.parseInt(digest.slice(0, 8), 16) % 40_000);
