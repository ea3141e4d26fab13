import { CA_BUNDLE, LAB_DIR, LAB_INIT, LAB_NODE, type PythonTool } from "./tool-paths";

/** The small files of the lab's image of Amazon Linux 2023, by path below /etc. */
export const ETC_FILES: Readonly<Record<string, string>> = {
  passwd: "root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n",
  group: "root:x:0:\nbin:x:1:\nadm:x:4:\ntty:x:5:\nnobody:x:65534:\n",
  shadow: "root:*:20000:0:99999:7:::\n",
  gshadow: "root:*::\n",
  "login.defs":
    "UID_MIN 1000\nUID_MAX 60000\nSYS_UID_MIN 201\nSYS_UID_MAX 999\nGID_MIN 1000\nGID_MAX 60000\nSYS_GID_MIN 201\nSYS_GID_MAX 999\nUSERGROUPS_ENAB yes\nCREATE_HOME no\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n",
  "resolv.conf": "nameserver 169.254.169.253\noptions timeout:2 attempts:5\n",
  "os-release":
    'NAME="Amazon Linux"\nVERSION="2023"\nID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"\nPRETTY_NAME="Amazon Linux 2023 (image of the nplus1 lab)"\n',
  "system-release": "Amazon Linux release 2023 (image of the nplus1 lab)\n",
  profile: "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
};

/** Files of the host that programs out of its /usr need below /etc. */
export const HOST_ETC = ["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "protocols", "services", "mime.types"];

/** Commands that are the image's and not the host's, with where they appear when there: a package or a shim makes them. */
export const IMAGE_COMMANDS: Readonly<Record<"bin" | "sbin", readonly string[]>> = {
  bin: ["node", "node-24", "npm", "npm-24", "npx", "npx-24", "systemctl", "dnf", "yum", "aws"],
  sbin: ["haproxy"],
};

const script = (...lines: string[]): string => `${["#!/bin/sh", ...lines].join("\n")}\n`;

/** The image's own commands, by path below /usr/local. */
export function shims(python: PythonTool, rootless: boolean): Record<string, string> {
  const init = (role: string) => script(`exec ${LAB_NODE} ${LAB_INIT} ${role} "$@"`);
  return {
    "bin/systemctl": init("systemctl"),
    "bin/dnf": init("dnf"),
    "bin/yum": init("dnf"),
    "bin/aws": script(
      `export AWS_CA_BUNDLE=${CA_BUNDLE} PYTHONPATH=${python.sitePackages} PYTHONDONTWRITEBYTECODE=1`,
      ...(python.base === undefined ? [] : [`export LD_LIBRARY_PATH=${LAB_DIR}/python/lib`]),
      `exec ${python.interpreter} -s ${LAB_DIR}/venv/bin/aws "$@"`,
    ),
    ...(rootless ? { "sbin/useradd": init("useradd") } : {}),
  };
}
