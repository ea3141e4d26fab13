import { createHash } from "node:crypto";

/** How long the credentials of a role are good for. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html */
const LIFE_MS = 3_600_000;

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export interface RoleCredentials {
  name: string;
  accessKeyId: string;
  secretAccessKey: string;
  token: string;
  lastUpdated: Date;
  expiration: Date;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** A role's temporary access key: ASIA and 16 characters, another for each role, so a request tells whose it is. */
export const roleAccessKeyId = (roleName: string): string =>
  `ASIA${[...digest(`access key of ${roleName}`).subarray(0, 16)].map((byte) => BASE32[byte % 32]).join("")}`;

/** What the metadata service gives to an instance with this role. */
export const roleCredentials = (roleName: string, now: Date): RoleCredentials => ({
  name: roleName,
  accessKeyId: roleAccessKeyId(roleName),
  secretAccessKey: digest(`secret of ${roleName}`).toString("base64").slice(0, 40),
  token: digest(`token of ${roleName}`).toString("base64"),
  lastUpdated: now,
  expiration: new Date(now.getTime() + LIFE_MS),
});
