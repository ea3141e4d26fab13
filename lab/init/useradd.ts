import { appendFileSync, readFileSync } from "node:fs";

interface AccountArgs {
  name: string;
  home: string;
  shell: string;
  /** Only root exists in an ordinary user's lab: every account is root under another name. */
  rootless: boolean;
}

/** The next id of a system account, counting down as shadow-utils does. */
function freeId(file: string): number {
  const taken = new Set(file.split("\n").map((line) => Number(line.split(":")[2])));
  let id = 999;
  while (taken.has(id)) id--;
  return id;
}

export function addAccount({ name, home, shell, rootless }: AccountArgs): void {
  const passwd = readFileSync("/etc/passwd", "utf8");
  if (passwd.split("\n").some((line) => line.startsWith(`${name}:`))) return;
  const id = rootless ? 0 : freeId(passwd + readFileSync("/etc/group", "utf8"));
  appendFileSync("/etc/passwd", `${name}:x:${id}:${id}::${home}:${shell}\n`);
  appendFileSync("/etc/group", `${name}:x:${id}:\n`);
}

const BARE_FLAGS = ["-r", "--system", "-M", "--no-create-home", "-U", "--user-group", "-N", "--no-user-group", "-m", "--create-home"];
const HOME_FLAGS = ["-d", "--home-dir", "--home"];
const SHELL_FLAGS = ["-s", "--shell"];
const IGNORED_FLAGS = ["-c", "--comment", "-u", "--uid", "-g", "--gid", "-G", "--groups"];

/** The image's `useradd` in an ordinary user's lab. */
export function parseUseradd(words: readonly string[]): { name: string; home: string; shell: string } {
  const flat = words.flatMap((word) => (/^--[a-z-]+=/.test(word) ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] : [word]));
  const found: { name?: string; home?: string; shell?: string } = {};
  for (let at = 0; at < flat.length; at++) {
    const word = flat[at] ?? "";
    if (HOME_FLAGS.includes(word)) found.home = flat[++at];
    else if (SHELL_FLAGS.includes(word)) found.shell = flat[++at];
    else if (IGNORED_FLAGS.includes(word)) at++;
    else if (word.startsWith("-")) {
      if (!BARE_FLAGS.includes(word)) throw new Error(`useradd: the lab's image does not have the option ${word}`);
    } else found.name = word;
  }
  if (found.name === undefined) throw new Error("useradd: must name a user");
  return { name: found.name, home: found.home ?? `/home/${found.name}`, shell: found.shell ?? "/bin/bash" };
}
