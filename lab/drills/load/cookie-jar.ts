/** The cookies that put a client on its node: AWS's load balancer's. */
const STICKY = /^AWSALB/;

/** One browser's cookies of one site. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** Takes in `Set-Cookie` headers, at this time in milliseconds. */
  store(headers: readonly string[], now: number): void {
    for (const header of headers) {
      const [pair = "", ...attributes] = header.split(";").map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf("="));
      if (isOver(attributes, now)) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(name.length + 1));
    }
  }

  /** The `Cookie` header. */
  header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** As a client that comes back by another way: the load balancer chooses a node anew. */
  forgetNode(): void {
    for (const name of this.#cookies.keys()) if (STICKY.test(name)) this.#cookies.delete(name);
  }
}

function isOver(attributes: readonly string[], now: number): boolean {
  const values = new Map(attributes.map((text) => [text.split("=")[0]?.toLowerCase() ?? "", text.slice(text.indexOf("=") + 1)]));
  const maxAge = values.get("max-age");
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  const expires = values.get("expires");
  return expires !== undefined && Date.parse(expires) <= now;
}
