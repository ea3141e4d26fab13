import { setTimeout as delay } from "node:timers/promises";
import { judge } from "../../../../lab/drills/history/judge";
import { operationsOf } from "../../../../lab/drills/load/cart-request";
import { findShop, Load } from "../../../../lab/drills/load/load";
import { ShopClient } from "../../../../lab/drills/load/shop-client";
import { type CartsServer, cartsServer } from "./carts-server";

let server: CartsServer;

beforeEach(async () => {
  server = await cartsServer();
});
afterEach(() => server.close());

test("the shop is known by the products on its page", async () => {
  expect(await findShop(server.url)).toEqual({ url: server.url, products: ["rope", "anvil"] });
});

test("another application is refused", async () => {
  server.instead = () => 404;
  await expect(findShop(server.url)).rejects.toThrow("must be the example shop, whose carts drills fill, got status 404 and 0 products");
});

describe("a load", () => {
  test("fills the cart of each client, adds and looks all the time, and ends with a look at each cart", async () => {
    const load = new Load(await findShop(server.url));
    await load.start();
    await delay(700);
    load.lookNow();
    await load.stop();
    expect(server.carts.size).toBe(load.clients);
    expect(new Set(load.requests.map(({ client }) => client)).size).toBe(load.clients);
    for (const { failure, node } of load.requests) expect([failure, node]).toEqual([undefined, "i-1"]);
    for (const last of load.requests.slice(-load.clients)) expect(last.added).toBeUndefined();
    const added = load.requests.filter(({ added }) => added !== undefined).length;
    expect(added).toBe([...server.carts.values()].flatMap((cart) => [...cart.values()]).reduce((sum, quantity) => sum + quantity, 0));
    expect(judge(load.requests.flatMap((request) => operationsOf(request, load.shop.products)))).toEqual([]);
  });

  test("does not begin with a shop that does not serve", async () => {
    const load = new Load(await findShop(server.url));
    server.instead = () => 503;
    await expect(load.start()).rejects.toThrow("must take what is put into a cart before anything is broken, got 503");
    load.abort();
  });

  test("is judged by what it saw: carts that are gone are lost", async () => {
    const load = new Load(await findShop(server.url));
    await load.start();
    await delay(300);
    server.carts.clear();
    await load.stop();
    const violations = judge(load.requests.flatMap((request) => operationsOf(request, load.shop.products)));
    expect(new Set(violations.map(({ kind }) => kind))).toEqual(new Set(["lost-write"]));
    expect(new Set(violations.map(({ session }) => session)).size).toBe(load.clients);
  });
});

describe("a client", () => {
  test("keeps its cookies, and without the load balancer's still its cart", async () => {
    const client = new ShopClient("c", await findShop(server.url), () => undefined);
    await client.add(0);
    await client.add(0.99);
    client.forgetNode();
    const { quantities, session } = await client.look();
    client.newCart();
    const other = await client.look();
    client.close();
    expect([...(quantities ?? [])]).toEqual([
      ["rope", 1],
      ["anvil", 1],
    ]);
    expect([session, other.session, other.quantities?.size]).toEqual(["c-cart-1", "c-cart-2", 0]);
    expect(server.cookies.slice(1)).toEqual(["", "sid=c0; AWSALB=a", "sid=c0", ""]);
  });

  test("tells how a request failed", async () => {
    const client = new ShopClient("c", await findShop(server.url), () => undefined);
    server.instead = () => undefined;
    expect((await client.look()).failure).toEqual({ what: "ECONNRESET", isRefusal: false });
    server.close();
    expect((await client.add(0)).failure).toEqual({ what: "ECONNREFUSED", isRefusal: false });
    client.close();
  });
});
