import { createHash } from "node:crypto";
import type { Target } from "./desired-state";

const digest = (text: string, length: number): string => createHash("sha256").update(text).digest("hex").slice(0, length);

export const backendName = (targetGroupArn: string): string => `tg-${digest(targetGroupArn, 12)}`;

/** 16 characters, which is what the sticky cookie holds; the group is part of it, so that a cookie of another group is no target here. */
export const serverName = (targetGroupArn: string, target: Pick<Target, "id" | "ip" | "port">): string =>
  `t${digest(`${targetGroupArn} ${target.id} ${target.ip} ${target.port}`, 15)}`;
