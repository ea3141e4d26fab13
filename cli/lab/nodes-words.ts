import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { labDir } from "./place";

/** Lines by which an agent says why its node does not serve. */
const REFUSAL = /^release refused:/;

/** What nodes that never served said of it: each agent's refusal, or the end of its user data's output. */
export function nodesWords(): string[] {
  const instances = join(labDir(), "instances");
  if (!existsSync(instances)) return [];
  return readdirSync(instances).flatMap((id) => {
    const read = (file: string): string[] => {
      const path = join(instances, id, "root/var/log", file);
      return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
    };
    const refusals = read("nplus1/agent.log").filter((line) => REFUSAL.test(line));
    const words = refusals.length > 0 ? refusals : read("nplus1/agent.log").length === 0 ? read("cloud-init-output.log").slice(-5) : [];
    return words.map((line) => `${id}: ${line}`);
  });
}
