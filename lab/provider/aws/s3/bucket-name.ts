import { z } from "zod";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName = z
  .string()
  .regex(/^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]$/, "must be 3-63 lower-case letters, digits, dots or dashes")
  .refine((name) => !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name), "must not end like AWS's own")
  .refine((name) => !/^\d+\.\d+\.\d+\.\d+$/.test(name), "must not look like an address");
