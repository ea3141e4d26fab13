import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Image, readMountInfo, topLinks } from "./image";
import { lockedFlags } from "./mount-flags";
import type { ReadOnlyMount } from "./root-script";
import type { PythonTool, ToolPaths } from "./tool-paths";

export interface RootArgs {
  hostName: string;
  privateIp: string;
  userData: string;
}

const FOLDERS = [
  "dev",
  "proc",
  "sys",
  "opt",
  "home",
  "root",
  "run",
  "tmp",
  "var/log",
  "var/tmp",
  "var/lib/cloud/seed",
  "usr/host/bin",
  "usr/host/sbin",
  "usr/bin",
  "usr/sbin",
];

/** A new instance's root folder, as plain files. */
export function makeRoot(root: string, image: Image, args: RootArgs): void {
  rmSync(root, { recursive: true, force: true });
  for (const folder of [...FOLDERS, ...image.usr.map((name) => `usr/${name}`)]) mkdirSync(join(root, folder), { recursive: true });
  for (const folder of ["tmp", "var/tmp"]) chmodSync(join(root, folder), 0o1777);
  for (const { name, target } of topLinks()) symlinkSync(target, join(root, name));
  symlinkSync("../run", join(root, "var/run"));
  cpSync(image.etc, join(root, "etc"), { recursive: true, verbatimSymlinks: true });
  cpSync(image.local, join(root, "usr/local"), { recursive: true, verbatimSymlinks: true });
  writeFileSync(join(root, "etc/hostname"), `${args.hostName}\n`);
  const short = args.hostName.split(".")[0] ?? "";
  writeFileSync(join(root, "etc/hosts"), `127.0.0.1 localhost\n${args.privateIp} ${[...new Set([args.hostName, short])].join(" ")}\n`);
  writeFileSync(join(root, "var/lib/cloud/seed/user-data"), args.userData, { mode: 0o600 });
}

/** A file or folder of this machine below the root folder, read-only. */
export const readOnlyMount = (source: string, target: string): ReadOnlyMount => ({ source, target, flags: lockedFlags(readMountInfo(), source) });

/** What an instance sees of this machine: the programs of its /usr, the tools, nothing else. */
export function rootMounts(image: Image, tools: ToolPaths, python: PythonTool): ReadOnlyMount[] {
  return [
    ...systemMounts(image, tools),
    readOnlyMount(tools.venv, "usr/local/lib/lab/venv"),
    readOnlyMount(tools.init, "usr/local/lib/lab/init.cjs"),
    ...(python.base === undefined ? [] : [readOnlyMount(python.base, "usr/local/lib/lab/python")]),
  ];
}

/** The image's own part of that, with Node.js. */
export function systemMounts(image: Image, tools: ToolPaths): ReadOnlyMount[] {
  const info = readMountInfo();
  const mount = (source: string, target: string): ReadOnlyMount => ({ source, target, flags: lockedFlags(info, source) });
  return [
    ...image.usr.map((name) => mount(`/usr/${name}`, `usr/${name}`)),
    mount("/usr/bin", "usr/host/bin"),
    mount("/usr/sbin", "usr/host/sbin"),
    mount(image.bin, "usr/bin"),
    mount(image.sbin, "usr/sbin"),
    mount(image.ssl, "etc/ssl"),
    mount(image.alternatives, "etc/alternatives"),
    mount(tools.node, "usr/local/lib/lab/node"),
  ];
}
