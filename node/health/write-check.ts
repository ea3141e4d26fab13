import { spawn } from "node:child_process";
import { endAll } from "./command";

/** Who writes: in a folder that belongs to the application, nobody else may, or a link there would lead root anywhere. */
export interface Writer {
  uid: number;
  gid: number;
}

const FILE = ".nplus1-disk";
/** Milliseconds, then it is ended, unless the disk holds it. */
const LIMIT_MS = 1900;
const WORDS_BYTES = 2000;
const SCRIPT = 'dd if=/dev/zero of="$1" bs=512 count=1 conv=fsync status=none; code=$?; rm -f "$1"; exit $code';

/** Writes a small file, waits until the disk has it, and removes it. Undefined when that went well, else why not. Ends when the writing process does. */
export async function writeCheck(folder: string, writer?: Writer): Promise<string | undefined> {
  try {
    return await write(folder, writer);
  } catch (error) {
    // The user does not exist in this user namespace, where units run as root. @see user_namespaces(7)
    if (writer === undefined || (error as NodeJS.ErrnoException).code !== "EINVAL") throw error;
    return write(folder);
  }
}

function write(folder: string, writer?: Writer): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", SCRIPT, "sh", `${folder}/${FILE}`], { ...writer, detached: true, stdio: ["ignore", "ignore", "pipe"] });
    let words = "";
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      endAll(child);
    }, LIMIT_MS);
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      if (words.length < WORDS_BYTES) words += chunk;
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      const [line = ""] = words.trim().split("\n");
      resolve(code === 0 ? undefined : isLate ? `it takes longer than ${LIMIT_MS} ms` : line.replace(/^.*: /, "") || `code ${code}`);
    });
  });
}
