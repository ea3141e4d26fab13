import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const NETNS = "/run/netns";

/** What a namespace of the lab is called on this machine. */
export const hostName = (labId: string, name: string): string => `nplus1-${labId}-${name}`;

/**
 * Makes exactly the lab's namespaces known to `ip netns exec` of this machine. The names are links into the inner world, not mounts: when that
 * ends, nothing but the link is left. Root only.
 */
export function showNamespaces(labId: string, cloudHostPid: number, names: readonly string[]): void {
  mkdirSync(NETNS, { recursive: true });
  const wanted = new Set(names.map((name) => hostName(labId, name)));
  for (const link of shown(labId)) {
    if (!wanted.delete(link)) rmSync(join(NETNS, link), { force: true });
  }
  for (const link of wanted) {
    symlinkSync(`/proc/${cloudHostPid}/root/run/netns/${link.slice(hostName(labId, "").length)}`, join(NETNS, link));
  }
}

export function hideNamespaces(labId: string): void {
  for (const link of shown(labId)) rmSync(join(NETNS, link), { force: true });
}

function shown(labId: string): string[] {
  try {
    return readdirSync(NETNS).filter((name) => name.startsWith(hostName(labId, "")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** A shell that does nothing until this process is gone, however it went, and then removes what a killed daemon cannot. */
export function leaveJanitor(labId: string, labFile: string): void {
  const script = `read -r _; rm -f "${NETNS}/${hostName(labId, "")}"* "${labFile}"`;
  const janitor = spawn("sh", ["-c", script], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  janitor.unref();
}
