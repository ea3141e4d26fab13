import type { Connection, Response } from "./connection";

/** A browser, as far as sessions go: it keeps its cookies over all connections, and takes over what each response sets. */
export class Client {
  readonly #cookies = new Map<string, string>();
  readonly #texts = new Map<string, string>();
  /** Modifications that the program said it had made. */
  acknowledged = 0;
  /** Of its requests under load, for the share that modifies. */
  #sent: number;

  constructor(
    readonly number: number,
    private readonly page: string,
  ) {
    this.#sent = number;
  }

  async logIn(connection: Connection, bytes: number): Promise<number> {
    const { body } = await this.#ask(connection, "POST", `/login/${bytes}`);
    return (JSON.parse(body) as { bytes: number }).bytes;
  }

  /** What the session has counted. */
  async visits(connection: Connection): Promise<number> {
    const { body } = await this.#ask(connection, "GET", this.page);
    return (JSON.parse(body) as { visits: number }).visits;
  }

  async modify(connection: Connection): Promise<void> {
    await this.#ask(connection, "POST", "/visits");
    this.acknowledged += 1;
  }

  /** The next request of a load of which this share modifies. */
  next(connection: Connection, modifying: number): Promise<void> {
    const isModification = Math.floor((this.#sent + 1) * modifying) > Math.floor(this.#sent * modifying);
    this.#sent += 1;
    return isModification ? this.modify(connection) : this.#ask(connection, "GET", this.page).then(() => undefined);
  }

  async #ask(connection: Connection, method: string, path: string): Promise<Response> {
    const response = await connection.ask(this.#text(method, path));
    if (response.status !== 200)
      throw new Error(`client ${this.number}: ${method} ${path} was answered ${response.status} ${response.body.slice(0, 300)}`);
    if (response.cookies.length > 0) this.#take(response.cookies);
    return response;
  }

  #text(method: string, path: string): string {
    const name = `${method} ${path}`;
    const known = this.#texts.get(name);
    if (known !== undefined) return known;
    const cookies = [...this.#cookies].map(([key, value]) => `${key}=${value}`).join("; ");
    const length = method === "POST" ? "Content-Length: 0\r\n" : "";
    const cookie = cookies === "" ? "" : `Cookie: ${cookies}\r\n`;
    const text = `${name} HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: bench\r\nAccept: */*\r\n${length}${cookie}\r\n`;
    this.#texts.set(name, text);
    return text;
  }

  #take(cookies: readonly string[]): void {
    for (const cookie of cookies) {
      const [pair = ""] = cookie.split(";", 1);
      const equals = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    this.#texts.clear();
  }
}
