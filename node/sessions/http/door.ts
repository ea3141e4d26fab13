import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Sessions } from "../model";
import type { VersionCookie } from "../version-cookie";
import type { Answer } from "./answer";
import { type Ask, askOf, type Core } from "./ask";
import { destroySession } from "./destroy-session";
import { mustBeFromThisNode } from "./from-this-node";
import { getSession, headSession } from "./get-session";
import { JsonFault, type JsonObject, parseJsonObject } from "./json";
import { makeSession } from "./make-session";
import { mustBe } from "./media-type";
import { patchSession, putSession } from "./modify-session";
import { Problem, problemOf } from "./problem";
import { type BodyLimits, hasBody, readBody } from "./read-body";
import { regenerateSession } from "./regenerate-session";
import { type Route, routeOf } from "./route";
import { refuse, send } from "./send";

export interface DoorArgs {
  sessions: Sessions;
  carried: VersionCookie;
  /** Of one session; a body may be twice that, as JSON can be written with more characters than it needs. */
  maxSessionBytes: number;
  /** From a request's headers to its body's last byte, in milliseconds. */
  bodyLimitMs: number;
  /** What was not expected: the client gets 500, and this the reason. */
  onFault: (error: unknown) => void;
}

type Action = (core: Core, ask: Ask) => Promise<Answer>;

const ACTIONS: Record<Route["kind"], Readonly<Record<string, Action>>> = {
  all: { POST: makeSession },
  one: { GET: getSession, HEAD: headSession, PUT: putSession, PATCH: patchSession, DELETE: destroySession },
  regenerate: { POST: regenerateSession },
};

/** Values nested deeper are refused. */
const DEPTH = 100;

/** Bytes of randomness in an id: 192 bits. */
const ID_BYTES = 24;

/** Sessions by HTTP, for programs of this node in any language. */
export class SessionDoor {
  readonly #core: Core;
  readonly #limits: BodyLimits;

  constructor({ sessions, carried, maxSessionBytes, bodyLimitMs, onFault }: DoorArgs) {
    this.#core = { sessions, carried, onFault, newId: () => randomBytes(ID_BYTES).toString("base64url") };
    this.#limits = { bytes: 2 * maxSessionBytes, limitMs: bodyLimitMs };
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#answer(request, response).then(
      (answer) => send(request, response, answer),
      (error: unknown) => this.#refuse(request, response, error),
    );
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    mustBeFromThisNode(request.headers, request.socket.localPort);
    const route = routeOf(request.url ?? "");
    if (route === undefined)
      throw new Problem(404, "no-such-path", "path: must be /sessions, /sessions/{id} or /sessions/{id}/regenerate, without a query");
    const actions = ACTIONS[route.kind];
    const method = request.method ?? "";
    const action = Object.hasOwn(actions, method) ? actions[method] : undefined;
    if (action === undefined) {
      const allow = Object.keys(actions).join(", ");
      throw new Problem(405, "method-not-allowed", `method: must be ${allow} here, got ${method}`, {}, { Allow: allow });
    }
    const id = route.kind === "all" ? "" : route.id;
    const content = (types: readonly string[]) => this.#content(request, response, types);
    return action(this.#core, askOf(this.#core, id, request.headers, content));
  }

  async #content(request: IncomingMessage, response: ServerResponse, types: readonly string[]): Promise<JsonObject | undefined> {
    if (!hasBody(request)) return undefined;
    mustBe(types, request.headers);
    const text = await readBody(request, response, this.#limits);
    try {
      return parseJsonObject(text, DEPTH);
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      const { code, message, line, column } = error;
      throw new Problem(400, code, `body, line ${line}, column ${column}: ${message}; nothing was changed`, { line, column });
    }
  }

  #refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const problem = problemOf(error);
    if (problem !== undefined) return refuse(request, response, problem);
    // A connection that broke off is no fault of the agent's.
    if (request.socket.destroyed) return;
    this.#core.onFault(error);
    refuse(request, response, new Problem(500, "internal-error", "the agent failed in a way that was not expected; its log says more"));
  }
}
