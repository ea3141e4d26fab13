import type { IncomingHttpHeaders } from "node:http";

/** A request to a service that answers whole requests, whatever its protocol. */
export interface ServiceRequest {
  method: string;
  /** With the query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | Buffer;
}

/** Undefined: moto's answer. */
export type ServiceAnswer = (request: ServiceRequest) => Promise<HttpAnswer | undefined>;

export const jsonAnswer = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: value === undefined ? "" : JSON.stringify(value),
});
