import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { readMetadata } from "./instance-metadata";

export interface ImdsRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
}

export interface ImdsAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const TTL_HEADER = "x-aws-ec2-metadata-token-ttl-seconds";
const TOKEN_HEADER = "x-aws-ec2-metadata-token";

/** Seconds, an IMDS limit: six hours. */
const MAX_TTL_SECONDS = 21_600;

const sign = (key: Buffer, expiresMs: string): string => createHmac("sha256", key).update(expiresMs).digest("base64url");

/** A token carries its own end, so that the service keeps no state. */
function makeToken(key: Buffer, ttlSeconds: number, nowMs: number): string {
  const expiresMs = String(nowMs + ttlSeconds * 1000);
  return `${Buffer.from(expiresMs).toString("base64url")}.${sign(key, expiresMs)}`;
}

function remainingSeconds(key: Buffer, token: string, nowMs: number): number {
  const [encoded = "", signature = ""] = token.split(".");
  const expiresMs = Buffer.from(encoded, "base64url").toString();
  const expected = Buffer.from(sign(key, expiresMs));
  const got = Buffer.from(signature);
  if (expected.length !== got.length || !timingSafeEqual(expected, got)) return 0;
  return Math.max(0, Math.ceil((Number(expiresMs) - nowMs) / 1000));
}

const text = (status: number, body: string, headers: Record<string, string> = {}): ImdsAnswer => ({
  status,
  headers: { "content-type": "text/plain", server: "EC2ws", ...headers },
  body,
});

function answerTokenRequest(headers: IncomingHttpHeaders, key: Buffer, nowMs: number): ImdsAnswer {
  const asked = headers[TTL_HEADER];
  const ttl = typeof asked === "string" && /^\d+$/.test(asked) ? Number(asked) : 0;
  if (headers["x-forwarded-for"] !== undefined) return text(403, "");
  if (ttl < 1 || ttl > MAX_TTL_SECONDS) return text(400, "");
  return text(200, makeToken(key, ttl, nowMs), { [TTL_HEADER]: String(ttl) });
}

/**
 * IMDSv2 alone, as with HttpTokens=required: a session token by PUT, then GET with it. AWS sends the token's answer with a hop limit (TTL)
 * of 1 unless the launch template says otherwise; the lab's answers pass its router and keep theirs.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export function answerImds(request: ImdsRequest, files: () => ReadonlyMap<string, string>, key: Buffer, nowMs: number): ImdsAnswer {
  const path = request.path.replace(/\?.*$/, "").replace(/^\/+/, "/");
  if (request.method === "PUT") {
    return path === "/latest/api/token" ? answerTokenRequest(request.headers, key, nowMs) : text(405, "");
  }
  if (request.method !== "GET" && request.method !== "HEAD") return text(405, "");
  const token = request.headers[TOKEN_HEADER];
  const remaining = typeof token === "string" ? remainingSeconds(key, token, nowMs) : 0;
  if (remaining === 0) return text(401, "");
  if (path === "/latest/api/token") return text(405, "");
  const inside = /^\/(?:latest|\d{4}-\d{2}-\d{2})(?:\/(.*))?$/.exec(path)?.[1];
  const content = inside === undefined ? undefined : readMetadata(files(), inside);
  return content === undefined ? text(404, "") : text(200, content, { [TTL_HEADER]: String(remaining) });
}
