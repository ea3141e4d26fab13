import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface CartsServer {
  url: string;
  carts: Map<string, Map<string, number>>;
  /** Cookies of each request, in order. */
  cookies: string[];
  /** Answers the next requests instead of the shop; undefined: hangs up. */
  instead: ((incoming: IncomingMessage) => number | undefined) | undefined;
  close(): void;
}

/** The shop's interface, with carts in memory by a cookie. */
export async function cartsServer(): Promise<CartsServer> {
  const carts = new Map<string, Map<string, number>>();
  const cookies: string[] = [];
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      cookies.push(incoming.headers.cookie ?? "");
      const status = shop.instead?.(incoming);
      if (shop.instead && status === undefined) return incoming.socket.destroy();
      if (status !== undefined) return outgoing.writeHead(status).end();
      if (incoming.url === "/") return outgoing.end('<button name="product" value="rope"><button name="product" value="anvil">');
      const sid = /sid=(\w+)/.exec(incoming.headers.cookie ?? "")?.[1] ?? `c${carts.size}`;
      const cart = carts.get(sid) ?? new Map<string, number>();
      if (incoming.method === "POST") {
        const { product } = (await json(incoming)) as { product: string };
        carts.set(sid, cart.set(product, (cart.get(product) ?? 0) + 1));
      }
      outgoing.setHeader("set-cookie", [...(incoming.method === "POST" ? [`sid=${sid}`] : []), "AWSALB=a"]).setHeader("x-nplus1-node", "i-1");
      return outgoing.end(JSON.stringify({ lines: [...cart].map(([product, quantity]) => ({ product, quantity })) }));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const shop: CartsServer = { url, carts, cookies, instead: undefined, close: () => server.close().closeAllConnections() };
  return shop;
}
