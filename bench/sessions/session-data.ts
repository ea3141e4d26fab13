export interface ShopSession {
  user: { id: number; name: string; email: string; roles: string[] };
  csrf: string;
  locale: string;
  visits: number;
  cart: { sku: string; title: string; price: number; quantity: number }[];
}

/** A session as a shop would keep it: a few small keys, and a cart that fills it up to about `bytes` bytes of JSON (at least 300). */
export function shopSession(bytes: number): ShopSession {
  const session: ShopSession = {
    user: { id: 48_151, name: "Ada Lovelace", email: "ada.lovelace@example.org", roles: ["customer", "reviewer"] },
    csrf: "b1946ac92492d2347c6235b4d2611184",
    locale: "en-GB",
    visits: 0,
    cart: [],
  };
  while (JSON.stringify(session).length < bytes - 40) {
    const n = session.cart.length;
    session.cart.push({ sku: `SKU-${10_000 + n}`, title: `Article number ${n} of the catalogue`, price: 1999 + n, quantity: 1 + (n % 3) });
  }
  return session;
}
