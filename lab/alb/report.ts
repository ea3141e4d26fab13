import { z } from "zod";

export const targetHealthSchema = z.strictObject({
  id: z.string(),
  port: z.int(),
  state: z.enum(["initial", "healthy", "unhealthy", "draining"]),
  reason: z.string().optional(),
  description: z.string().optional(),
});
export type TargetHealth = z.infer<typeof targetHealthSchema>;

/** What the appliance says: one JSON line each on its standard output. */
export const reportSchema = z.discriminatedUnion("kind", [
  /** The desired state of this generation serves. */
  z.strictObject({ kind: z.literal("applied"), generation: z.int() }),
  /** All targets of a group, whenever one of them changed. */
  z.strictObject({ kind: z.literal("health"), targetGroupArn: z.string(), targets: z.array(targetHealthSchema) }),
  /** A desired state that cannot be: the one before goes on serving. */
  z.strictObject({ kind: z.literal("refused"), generation: z.int().nullable(), message: z.string() }),
]);
export type Report = z.infer<typeof reportSchema>;
