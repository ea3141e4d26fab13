import { z } from "zod";
import type { Operation } from "../history/operation";
import type { Answer } from "./request";

/** One request of a client, and what came of it. Times are milliseconds of this process's clock. */
export interface CartRequest {
  client: string;
  /** A client's cart from its first product on; it has one at a time. */
  session: string;
  /** The product of which one was put into the cart; undefined: the cart was looked at, which is safe to repeat. */
  added?: string;
  invokedAt: number;
  returnedAt: number;
  /** How often it had failed and was repeated before; the times are those of the last one. */
  repeats?: number;
  /** When the first one began, if it was repeated. */
  firstInvokedAt?: number;
  /** The node that answered. */
  node?: string;
  /** What was in the cart by the answer. */
  quantities?: ReadonlyMap<string, number>;
  /** Why there are no quantities. */
  failure?: Failure;
}

export interface Failure {
  /** `503`, `ECONNRESET`, … */
  what: string;
  /** The client was wrong, so nothing was done. */
  isRefusal: boolean;
}

const cartSchema = z.object({ lines: z.array(z.object({ product: z.string(), quantity: z.int().min(1) })) });

/** What an answer says of the cart, or why it says nothing. */
export function readCart({ status, body }: Answer): Pick<CartRequest, "quantities" | "failure"> {
  if (status !== 200) return { failure: { what: String(status), isRefusal: status >= 400 && status < 500 } };
  const cart = cartSchema.safeParse(parsed(body));
  if (!cart.success) return { failure: { what: "no cart", isRefusal: false } };
  return { quantities: new Map(cart.data.lines.map(({ product, quantity }) => [product, quantity])) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The request as the judge takes it: an add says how many there were then, and of every other product it is a look, as every look is. */
export function operationsOf(request: CartRequest, products: readonly string[]): Operation[] {
  const { client, session, added, invokedAt, returnedAt, quantities, failure } = request;
  const base = { client, session, invokedAt, returnedAt, outcome: "ok" } as const;
  if (!quantities) {
    const outcome = failure?.isRefusal ? "refused" : "unknown";
    return added === undefined ? [] : [{ ...base, kind: "add", key: added, value: 1, returnedAt: null, outcome }];
  }
  return products.map((key) => {
    const quantity = quantities.get(key) ?? 0;
    return key === added ? { ...base, kind: "add", key, value: 1, result: quantity } : { ...base, kind: "read", key, value: quantity };
  });
}
