import { z } from "zod";

/** A SHA-256 in lower-case hex. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in lower-case hex");

/**
 * A release is an uncompressed, canonical tar of the application's folder (sorted paths, mtime 0, owner 0, modes 644 and 755), named by
 * the SHA-256 of those bytes: the same content has the same name on any machine, whatever its compressor.
 */
export const releaseKey = (digest: string): string => `releases/${digest}.tar`;

/** The node runtime (agent, gate, units) is one canonical tar too, named the same way. */
export const runtimeKey = (digest: string): string => `runtime/${digest}.tar`;
