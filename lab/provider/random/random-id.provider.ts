import { randomBytes } from "node:crypto";
import { z } from "zod";
import { globalResource } from "../resource";

/** The state is all there is: the id holds the bytes. */
export const randomId = globalResource({
  type: "random:index/randomId:RandomId",
  inputs: z.strictObject({
    byteLength: z.int().min(1).max(1_024),
    keepers: z.record(z.string(), z.string()).optional(),
    prefix: z.string().optional(),
  }),
  onChange: { byteLength: "replace", keepers: "replace", prefix: "replace" },
  computed: { b64Std: "stable", b64Url: "stable", dec: "stable", hex: "stable" },
  create: async ({ byteLength }) => randomBytes(byteLength).toString("base64url"),
  async read(id, { prefix = "" }) {
    const bytes = Buffer.from(id, "base64url");
    return {
      byteLength: bytes.length,
      b64Std: prefix + bytes.toString("base64"),
      b64Url: prefix + id,
      dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
      hex: prefix + bytes.toString("hex"),
    };
  },
  async delete() {},
});
