const { randomBytes, randomUUID } = require("node:crypto");
const { mkdir, writeFile } = require("node:fs/promises");
const { join } = require("node:path");
const express = require("express");
const session = require("nplus1/session");
const { page } = require("./page");

const MOST_OF_ONE = 99;

/** The shop's HTTP interface. `current.settings` may be exchanged while it runs. */
function shop({ current, nodeId, dataDir }) {
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", 1);
  app.get("/health", (_, response) => response.json({ ok: true, products: current.settings.products.length }));

  app.use(express.urlencoded({ extended: false, limit: "10kb" }), express.json({ limit: "10kb" }));
  app.use(
    session({
      name: "shop.sid",
      // All nodes share it; a run on its own makes one.
      secret: process.env.SESSION_SECRET ?? randomBytes(32).toString("hex"),
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax", secure: "auto" },
    }),
  );

  app.get("/", (request, response) => {
    response.send(page({ settings: current.settings, cart: cartOf(request.session, current.settings), nodeId }));
  });

  app.get("/cart", (request, response) => response.json({ node: nodeId, ...cartOf(request.session, current.settings) }));

  app.post("/cart", (request, response) => {
    const { product, quantity = 1 } = request.body ?? {};
    const known = current.settings.products.some(({ id }) => id === product);
    if (!known) return response.status(404).json({ error: "product: must be one of the shop's" });
    const count = Number(quantity);
    if (!Number.isInteger(count) || count < 1 || count > MOST_OF_ONE) {
      return response.status(400).json({ error: `quantity: must be 1-${MOST_OF_ONE}` });
    }
    const items = new Map(request.session.cart ?? []);
    items.set(product, Math.min((items.get(product) ?? 0) + count, MOST_OF_ONE));
    request.session.cart = [...items];
    return answer(request, response, cartOf(request.session, current.settings));
  });

  app.post("/checkout", async (request, response) => {
    const cart = cartOf(request.session, current.settings);
    if (cart.lines.length === 0) return response.status(409).json({ error: "cart: must have something in it" });
    const invoice = { id: randomUUID(), at: new Date().toISOString(), node: nodeId, currency: current.settings.currency, ...cart };
    await writeInvoice(dataDir, invoice);
    request.session.cart = [];
    return answer(request, response, { invoice: invoice.id, cents: invoice.cents });
  });

  app.get("/vendor", async (_, response) => {
    const { vendorUrl, vendorTimeoutMs } = current.settings;
    try {
      const answered = await fetch(vendorUrl, { signal: AbortSignal.timeout(vendorTimeoutMs) });
      response.json({ node: nodeId, vendor: vendorUrl, status: answered.status, answer: (await answered.text()).trim().slice(0, 1000) });
    } catch (error) {
      const late = error.name === "TimeoutError";
      const reason = late ? `the vendor did not answer within ${vendorTimeoutMs} ms` : "the vendor could not be reached";
      response.status(late ? 504 : 502).json({ node: nodeId, vendor: vendorUrl, error: reason });
    }
  });

  return app;
}

/** A browser goes back to the page; a program gets the result. */
function answer(request, response, result) {
  if (request.accepts(["json", "html"]) === "html") return response.redirect(303, "/");
  return response.json(result);
}

function cartOf({ cart = [] }, { products }) {
  const quantities = new Map(cart);
  const lines = products
    .filter(({ id }) => quantities.has(id))
    .map(({ id, name, cents }) => ({ product: id, name, quantity: quantities.get(id), cents: cents * quantities.get(id) }));
  return { lines, cents: lines.reduce((sum, line) => sum + line.cents, 0) };
}

async function writeInvoice(dataDir, invoice) {
  const folder = join(dataDir, "var/invoices");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${invoice.at.replaceAll(":", "-")}-${invoice.id}.json`), `${JSON.stringify(invoice, null, 2)}\n`, {
    flag: "wx",
  });
}

module.exports = { shop };
