import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RedisServer, startRedis } from "../node/sessions/redis-server";
import { RunningApp } from "./running-app";

describe("the shop", () => {
  let shop: RunningApp;
  let store: RedisServer;
  let vendor: Server;
  let vendorUrl: string;
  let vendorHangs: boolean;

  beforeAll(async () => {
    vendor = createServer((request, response) => {
      if (!vendorHangs) response.end(`you are ${request.socket.remoteAddress}\n`);
    });
    await new Promise<void>((done) => vendor.listen(0, "127.0.0.1", done));
    vendorUrl = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}/`;
    store = await startRedis();
    shop = await start();
  });
  afterAll(async () => {
    vendor.closeAllConnections();
    vendor.close();
    expect(await shop.stop()).toBe(0);
    await store.stop();
  });
  beforeEach(() => {
    vendorHangs = false;
  });

  const start = (): Promise<RunningApp> =>
    RunningApp.start(
      "shop",
      (folder) => writeFile(join(folder, "conf/shop.properties"), `title = <Shop> & Co\nVENDOR_URL = ${vendorUrl}\nvendor.timeoutMs = 200\n`),
      { VALKEY_URL: store.url, SESSION_SECRET: "keyboard cat" },
    );

  const put = (product: string, quantity: unknown, cookie = "") =>
    fetch(`${shop.url}/cart`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie },
      body: JSON.stringify({ product, quantity }),
    });
  const cookieOf = (response: Response) => response.headers.get("set-cookie")?.split(";")[0] ?? "";

  test("keeps a cart from request to request, and bills it once", async () => {
    const first = await put("rope", 2);
    const cookie = cookieOf(first);
    await put("anvil", 1, cookie);
    const cart = await (await fetch(`${shop.url}/cart`, { headers: { cookie } })).json();
    expect(cart).toEqual({
      node: "i-0<test>",
      lines: [
        { product: "anvil", name: "Anvil, 20 kg", quantity: 1, cents: 4900 },
        { product: "rope", name: "Rope & hook", quantity: 2, cents: 2500 },
      ],
      cents: 7400,
    });
    const bought = await fetch(`${shop.url}/checkout`, { method: "POST", headers: { cookie } });
    const { invoice } = (await bought.json()) as { invoice: string };
    expect((await fetch(`${shop.url}/checkout`, { method: "POST", headers: { cookie } })).status).toBe(409);
    const files = await readdir(join(shop.folder, "var/invoices"));
    expect(files).toEqual([expect.stringContaining(invoice)]);
    expect(JSON.parse(await readFile(join(shop.folder, "var/invoices", files[0] ?? ""), "utf8"))).toMatchObject({
      id: invoice,
      cents: 7400,
    });
  });

  test("has a client's cart on every node", async () => {
    const other = await start();
    try {
      const first = await put("rope", 2);
      const cookie = first.headers
        .getSetCookie()
        .map((text) => text.split(";")[0])
        .join("; ");
      expect(cookie).toMatch(/^shop\.sid=s%3A[^;]+; shop\.sid\.v=[\w.-]+$/);
      const cart = await (await fetch(`${other.url}/cart`, { headers: { cookie } })).json();
      expect(cart).toMatchObject({ lines: [{ product: "rope", quantity: 2 }] });
    } finally {
      await other.stop();
    }
  });

  test("shows a page with everything escaped", async () => {
    const html = await (await fetch(`${shop.url}/`)).text();
    expect(html).toContain("<h1>&lt;Shop&gt; &amp; Co</h1>");
    expect(html).toContain("Rope &amp; hook");
    expect(html).toContain("<code>i-0&lt;test&gt;</code>");
  });

  test.each([
    ["unknown", 1, 404],
    ["rope", 0, 400],
    ["rope", 100, 400],
    ["rope", "many", 400],
  ])("refuses %s times %j with %i", async (product, quantity, status) => {
    expect((await put(product, quantity)).status).toBe(status);
  });

  test("sends a browser back to the page", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded", accept: "text/html" };
    const response = await fetch(`${shop.url}/cart`, { method: "POST", headers, body: "product=kettle", redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
  });

  test("passes on what the vendor says", async () => {
    expect(await (await fetch(`${shop.url}/vendor`)).json()).toMatchObject({ vendor: vendorUrl, status: 200, answer: "you are 127.0.0.1" });
  });

  test("says so when the vendor takes too long", async () => {
    vendorHangs = true;
    const response = await fetch(`${shop.url}/vendor`);
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ error: "the vendor did not answer within 200 ms" });
  });

  test("reads its settings anew at SIGHUP, and keeps the old ones when a file is wrong", async () => {
    const products = join(shop.folder, "conf/products.xml");
    const before = await readFile(products, "utf8");
    await writeFile(products, "<products><product id='a' cents='1'></products>");
    shop.signal("SIGHUP");
    await shop.until("the refusal", () => shop.output.includes("settings kept as they were: products.xml:1:"));
    expect(await (await fetch(`${shop.url}/health`)).json()).toEqual({ ok: true, products: 3 });

    await writeFile(products, before.replace("</products>", '<product id="x" cents="5">&lt;b&gt; &amp;lt;</product></products>'));
    shop.signal("SIGHUP");
    await shop.until("the new settings", () => shop.output.includes("settings read anew"));
    expect(await (await fetch(`${shop.url}/`)).text()).toContain("<td>&lt;b&gt; &amp;lt;</td>");
  });

  test("does not follow a document's own entities", async () => {
    const products = join(shop.folder, "conf/products.xml");
    await writeFile(products, '<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]><products><product id="a" cents="1">&e;</product></products>');
    shop.output = "";
    shop.signal("SIGHUP");
    await shop.until("an answer", () => shop.output.includes("settings"));
    expect(await (await fetch(`${shop.url}/`)).text()).not.toContain("root:");
  });
});
