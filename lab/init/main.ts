import { readFileSync } from "node:fs";
import { serveVendor } from "../machine/vendor-server";
import { isMapped } from "./accounts";
import { boot } from "./boot";
import { askControl } from "./control";
import { dnf } from "./dnf";
import { addAccount, parseUseradd } from "./useradd";

/** What runs inside the lab's namespaces, in one file: an instance's init, the image's commands that need it, the host outside. */
async function main([role = "", ...words]: string[]): Promise<void> {
  const rootless = () => !isMapped(readFileSync("/proc/self/uid_map", "utf8"), 1);
  switch (role) {
    case "boot":
      return boot();
    case "systemctl": {
      const { exitCode, output, failed } = await askControl(words);
      if (output !== "") (failed ? process.stderr : process.stdout).write(`${output}\n`);
      process.exitCode = exitCode;
      return;
    }
    case "dnf":
      return dnf(words, rootless());
    case "useradd":
      return addAccount({ ...parseUseradd(words), rootless: rootless() });
    case "vendor":
      return serveVendor(words[0] ?? "", Number(words[1]));
    default:
      throw new Error(`init: must be called as boot, systemctl, dnf, useradd or vendor, got ${role || "nothing"}`);
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
