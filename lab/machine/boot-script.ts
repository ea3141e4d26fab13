import { NODE_PATH } from "./exec-command";
import { quote, type RootScriptArgs, rootLines } from "./root-script";
import { LAB_INIT, LAB_NODE } from "./tool-paths";

export interface BootArgs extends RootScriptArgs {
  hostName: string;
}

/**
 * The first process of an instance's namespaces: makes its root folder the root, and becomes a shell that waits for init and reaps every
 * orphan meanwhile, which Node.js as the first process would not (libuv waits for its own children only). Says on descriptor 3 which
 * process of the host it is, while it still sees the host's /proc.
 */
export const bootScript = ({ hostName, ...args }: BootArgs): string =>
  [
    "set -e",
    "read -r pid rest < /proc/self/stat",
    'echo "pid $pid" >&3',
    `hostname ${quote(hostName)}`,
    ...rootLines(args),
    `exec env -i PATH=${NODE_PATH} HOME=/root LANG=C.UTF-8 /bin/sh -c ${quote(`${LAB_NODE} ${LAB_INIT} boot & init=$!; exec 3>&-; wait $init`)}`,
  ].join("\n");
