import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface Response {
  status: number;
  /** Of Set-Cookie, as they are. */
  cookies: string[];
  body: string;
}

interface Asked {
  done: (response: Response) => void;
  failed: (error: Error) => void;
}

const LIMIT_MS = 10_000;
const NO_COOKIES: string[] = [];

/**
 * A keep-alive connection, one request at a time. Not Node.js's own client: that costs more for each request than the program that is measured, with
 * which this must keep up on a core that it shares with the store. It knows as much HTTP as that program speaks: responses with Content-Length.
 */
export class Connection {
  readonly #socket: Socket;
  #text = "";
  #asked: Asked | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => this.#read(text));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the program closed the connection")));
    socket.setTimeout(LIMIT_MS, () => this.#fail(new Error(`no answer within ${LIMIT_MS} ms`)));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new Connection(socket);
  }

  ask(text: string): Promise<Response> {
    return new Promise((done, failed) => {
      this.#asked = { done, failed };
      this.#socket.write(text, "latin1");
    });
  }

  close(): void {
    this.#asked = undefined;
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#text += text;
    const head = this.#text.indexOf("\r\n\r\n");
    if (head === -1) return;
    const length = Number(/\r\nContent-Length: (\d+)/i.exec(this.#text)?.[1]);
    if (Number.isNaN(length)) return this.#fail(new Error(`a response without Content-Length: ${this.#text.slice(0, head)}`));
    if (this.#text.length < head + 4 + length) return;
    const whole = this.#text;
    this.#text = "";
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.done({ status: Number(whole.slice(9, 12)), cookies: cookiesOf(whole.slice(0, head)), body: whole.slice(head + 4) });
  }

  #fail(error: Error): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.failed(error);
  }
}

function cookiesOf(head: string): string[] {
  if (!head.includes("\r\nSet-Cookie: ")) return NO_COOKIES;
  return [...head.matchAll(/\r\nSet-Cookie: ([^\r]*)/g)].map(([, cookie]) => cookie as string);
}
