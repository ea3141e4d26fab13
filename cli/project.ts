import { Failure } from "./failure";

const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Failure(`${name}: must be set; call nplus1 by bin/nplus1.mjs, which sets it`);
  return value;
};

/** The checkout. */
export const projectDir = (): string => setting("NPLUS1_PROJECT");

/** Folders of the tools that set-up made. */
export const nodeDir = (): string => setting("NPLUS1_NODE_DIR");
export const pulumiDir = (): string => setting("NPLUS1_PULUMI_DIR");
export const motoDir = (): string => setting("NPLUS1_MOTO_DIR");
