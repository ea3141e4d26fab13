// The program that is measured: one source, its session layer by argument. `program.cjs <layer> <store's URL>`; prints its port.
import type { AddressInfo } from "node:net";
import express from "express";
import { layers } from "./layers";
import type { LayerName } from "./plan";
import { type ShopSession, shopSession } from "./session-data";

const [layerName, storeUrl = ""] = process.argv.slice(2);

const sessionOf = (req: unknown): Partial<ShopSession> => (req as { session: Partial<ShopSession> }).session;

async function main(): Promise<void> {
  process.env["VALKEY_URL"] = storeUrl;
  const app = express();
  app.use(...(await layers[layerName as LayerName](storeUrl)));

  app.post("/login/:bytes", (req, res) => {
    Object.assign(sessionOf(req), shopSession(Number(req.params.bytes)));
    res.json({ bytes: JSON.stringify(sessionOf(req)).length });
  });

  // What nearly every page does: who is it? Nothing is modified.
  app.get("/page", (req, res) => {
    const { user, visits } = sessionOf(req);
    if (user === undefined) return void res.status(401).json({ error: "nobody is logged in" });
    res.json({ hello: user.name, visits });
  });

  // A page that needs all of the session.
  app.get("/whole", (req, res) => {
    const { user, csrf, locale, visits, cart = [] } = sessionOf(req);
    if (user === undefined) return void res.status(401).json({ error: "nobody is logged in" });
    const total = cart.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
    res.json({ hello: user.name, visits, locale, token: csrf?.length, roles: user.roles.length, total });
  });

  app.post("/visits", (req, res) => {
    const session = sessionOf(req);
    if (session.user === undefined) return void res.status(401).json({ error: "nobody is logged in" });
    session.visits = (session.visits ?? 0) + 1;
    res.json({ hello: session.user.name, visits: session.visits });
  });

  const server = app.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
}

void main();
