import { randomInt } from "node:crypto";
import { z } from "zod";
import { globalResource } from "../resource";
import { password } from "./password";

const count = z.int().min(0);

const inputs = z
  .strictObject({
    length: z.int().min(1).max(1_024),
    lower: z.boolean(),
    upper: z.boolean(),
    numeric: z.boolean(),
    special: z.boolean(),
    minLower: count,
    minUpper: count,
    minNumeric: count,
    minSpecial: count,
    overrideSpecial: z.string().optional(),
    keepers: z.record(z.string(), z.string()).optional(),
  })
  .refine((rules) => rules.lower || rules.upper || rules.numeric || rules.special, "must allow one kind of character")
  .refine(
    (rules) => rules.minLower + rules.minUpper + rules.minNumeric + rules.minSpecial <= rules.length,
    "must have a length that all minimums fit in",
  );

export const randomPassword = globalResource({
  type: "random:index/randomPassword:RandomPassword",
  inputs,
  onChange: {
    length: "replace",
    lower: "replace",
    upper: "replace",
    numeric: "replace",
    special: "replace",
    minLower: "replace",
    minUpper: "replace",
    minNumeric: "replace",
    minSpecial: "replace",
    overrideSpecial: "replace",
    keepers: "replace",
  },
  defaults: { lower: true, upper: true, numeric: true, special: true, minLower: 0, minUpper: 0, minNumeric: 0, minSpecial: 0 },
  secrets: ["result"],
  computed: { result: "stable" },
  // The real provider's id: the password itself must not be one.
  create: async (inputs) => ({ id: "none", computed: { result: password(inputs, randomInt) } }),
  read: async (_, { result }) => ({ result }),
  async delete() {},
});
