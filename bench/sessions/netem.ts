import { spawnSync } from "node:child_process";

/** Of RFC 2544's range for benchmarks. @see https://www.rfc-editor.org/rfc/rfc2544#appendix-C.2.2 */
const HERE = "198.18.0.1";
const THERE = "198.18.0.2";

export interface DelayedRoom {
  /** What runs a command in the room. */
  readonly before: readonly string[];
  readonly address: string;
  remove(): void;
}

export class NoNetem extends Error {}

/** A network namespace for the store, and the way to it delayed by the kernel. @throws NoNetem that says what is missing */
export function delayedRoom(delayMs: number): DelayedRoom {
  const name = `nplus1-bench-${process.pid}`;
  const device = `nb${process.pid}`;
  const remove = (): void => void spawnSync("ip", ["netns", "del", name]);
  const inRoom = ["ip", "netns", "exec", name];
  try {
    run("ip", "netns", "add", name);
    run("ip", "link", "add", device, "type", "veth", "peer", "name", "store", "netns", name);
    run("tc", "qdisc", "add", "dev", device, "root", "netem", "delay", `${delayMs * 1000}us`);
    run("ip", "address", "add", `${HERE}/30`, "dev", device);
    run("ip", "link", "set", device, "up");
    run(...inRoom, "ip", "address", "add", `${THERE}/30`, "dev", "store");
    run(...inRoom, "ip", "link", "set", "store", "up");
    run(...inRoom, "ip", "link", "set", "lo", "up");
  } catch (error) {
    remove();
    throw error;
  }
  return { before: inRoom, address: THERE, remove };
}

function run(...[command = "", ...args]: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new NoNetem(`${command} ${args.join(" ")}: ${(error?.message ?? stderr.trim()) || `ended with ${status}`}`);
}
