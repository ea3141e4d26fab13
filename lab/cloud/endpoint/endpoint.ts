import { randomUUID } from "node:crypto";
import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { buffer } from "node:stream/consumers";
import { createSecureContext } from "node:tls";
import type { RestAnswer } from "../s3/bucket-policies";
import { internalError } from "./error-answer";
import { forward } from "./forward";
import { type Call, changesSomething, isForm, recognise } from "./recognise";
import type { HttpAnswer, ServiceAnswer } from "./service-answer";

/** An own answer to one action of a query-protocol service: the whole HTTP body and status. */
export type Answer = (params: Readonly<Record<string, string>>) => Promise<{ status: number; body: string }>;

export interface EndpointArgs {
  moto: { host: string; port: number };
  /** service → action → answer; they take precedence over moto. */
  answers: Readonly<Record<string, Readonly<Record<string, Answer>>>>;
  /** Services that answer whole requests; they too take precedence over moto. */
  services: Readonly<Record<string, ServiceAnswer>>;
  /** What must be done before a call reaches moto. */
  before: (call: Call) => Promise<void>;
  /** Parameters that a call gets besides its own on the way to moto. */
  rewrite: (call: Call) => Readonly<Record<string, string>>;
  /** Own answers of S3, which is no query-protocol service; undefined: moto's. */
  s3: (method: string, host: string, url: string, body: string) => RestAnswer | undefined;
  /** A call that passed, with what was asked. */
  passed: (call: Call) => void;
  /** The lab's own paths, for this machine only. */
  own: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
}

/** Where AWS's APIs answer in the lab: moto's answers, except where behaviour matters here. */
export class Endpoint {
  readonly #args: EndpointArgs;

  constructor(args: EndpointArgs) {
    this.#args = args;
  }

  /** Answers this machine: AWS's APIs, and the lab's own paths. */
  readonly forMachine: RequestListener = (incoming, outgoing) => {
    if (incoming.url?.startsWith("/_lab/")) this.#args.own(incoming, outgoing);
    else void this.#serve(incoming, outgoing);
  };

  /** Serves on a listening socket of this machine, inherited by its number. */
  async listenForMachine(fd: number): Promise<void> {
    const server = createHttp(this.forMachine);
    await new Promise<void>((resolve) => server.listen({ fd }, resolve));
  }

  /** Serves nodes under AWS's own names. */
  async listenForNodes(issue: (names: string[]) => { certPem: string; keyPem: string }): Promise<void> {
    const listener: RequestListener = (incoming, outgoing) => void this.#serve(incoming, outgoing);
    const contexts = new Map<string, ReturnType<typeof createSecureContext>>();
    const contextOf = (name: string) => {
      const known = contexts.get(name);
      if (known) return known;
      const { certPem, keyPem } = issue([name]);
      const context = createSecureContext({ cert: certPem, key: keyPem });
      contexts.set(name, context);
      return context;
    };
    const tls = createHttps({ SNICallback: (name, done) => done(null, contextOf(name)) }, listener);
    const plain = createHttp(listener);
    await new Promise<void>((resolve) => tls.listen(443, "0.0.0.0", resolve));
    await new Promise<void>((resolve) => plain.listen(80, "0.0.0.0", resolve));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const head = { method: incoming.method ?? "GET", headers: incoming.headers };
    try {
      const body = isForm(head) ? await buffer(incoming) : undefined;
      const call = recognise(head, body?.toString() ?? "");
      const given = body ?? (this.#args.services[call.service] ? await buffer(incoming) : undefined);
      const own = await this.#ownAnswer(call, incoming, given);
      if (own) outgoing.writeHead(own.status, own.headers).end(own.body);
      else await this.#args.before(call);
      const status = own?.status ?? (await forward(incoming, given && rewritten(given, this.#args.rewrite(call)), outgoing, this.#args.moto));
      if (status < 300 && changesSomething(call)) this.#args.passed(call);
    } catch (error) {
      process.stderr.write(`${head.method} ${incoming.url ?? ""}: ${String(error)}\n`);
      // Half an answer must not look like a whole one.
      if (outgoing.headersSent) return void outgoing.destroy();
      const contentType = String(head.headers["content-type"] ?? "");
      const { status, headers, body } = internalError(recognise(head, ""), contentType, "the lab's endpoint failed; see its log", randomUUID());
      outgoing.writeHead(status, headers).end(body);
    }
  }

  /** The lab's own answer, whichever kind it is of; undefined: moto's. `body`: of a form, or of a service that takes whole requests. */
  async #ownAnswer(call: Call, incoming: IncomingMessage, body: Buffer | undefined): Promise<HttpAnswer | undefined> {
    const { method = "GET", url = "/", headers } = incoming;
    const { answers, services, s3 } = this.#args;
    const action = answers[call.service]?.[call.action];
    if (action) {
      const { status, body: text } = await action(call.params);
      return { status, headers: { "content-type": "text/xml" }, body: text };
    }
    const whole = services[call.service];
    if (whole) return whole({ method, url, headers, body: body ?? Buffer.alloc(0) });
    const policy = isBucketPolicy(incoming) ? s3(method, headers.host ?? "", url, (await buffer(incoming)).toString()) : undefined;
    return policy && { status: policy.status, headers: { "content-type": policy.type }, body: policy.body };
  }
}

const isBucketPolicy = (incoming: IncomingMessage): boolean => /[?&]policy(=|&|$)/.test(incoming.url ?? "");

function rewritten(body: Buffer, more: Readonly<Record<string, string>>): Buffer {
  if (Object.keys(more).length === 0) return body;
  return Buffer.from(`${body.toString()}&${new URLSearchParams(more).toString()}`);
}
