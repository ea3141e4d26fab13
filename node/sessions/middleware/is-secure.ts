import type { IncomingMessage } from "node:http";

/** Whether the client's connection is encrypted. `trust` is the option `proxy`: undefined leaves it to Express and its `trust proxy`. */
export function isSecure(req: IncomingMessage & { secure?: boolean }, trust: boolean | undefined): boolean {
  if ((req.socket as { encrypted?: boolean }).encrypted) return true;
  if (trust === undefined) return req.secure === true;
  if (!trust) return false;
  const [nearest = ""] = String(req.headers["x-forwarded-proto"] ?? "").split(",", 1);
  return nearest.trim().toLowerCase() === "https";
}
