import { join } from "node:path";
import type { Application } from "../../contract/application";
import { dataFolders } from "../app/data-folders";
import { Disk } from "../health/disk";
import { EventLoop } from "../health/event-loop";
import { Handles } from "../health/handles";
import { Heap } from "../health/heap";
import { Memory } from "../health/memory";
import { Pressure } from "../health/pressure";
import type { Probe } from "../health/probe";
import { ProcessTree } from "../health/process-tree";
import type { WatchedLoop } from "../health/watched-loops";
import type { Writer } from "../health/write-check";

export interface OwnProbesArgs {
  application: Application;
  appPid: () => Promise<number | undefined>;
  loops: () => readonly WatchedLoop[];
  /** The application's: its data globs are relative to it. */
  folder: string;
  appUser: Writer;
  /** On the machine's own disk. */
  nodeFolder: string;
  clock: () => number;
}

/** What is seen in the application itself and in what it uses. */
export function ownProbes({ application, appPid, loops, folder, appUser, nodeFolder, clock }: OwnProbesArgs): Probe[] {
  const { eventLoopMs, heapPercent, memoryPercent, handlesPercent, diskFreeMiB } = application.health;
  const tree = new ProcessTree(appPid, clock);
  const pids = () => tree.pids();
  const data = dataFolders(application.data).map((path) => ({ folder: join(folder, path), writer: appUser }));
  return [
    new EventLoop(loops, eventLoopMs, clock),
    new Heap(loops, heapPercent, clock),
    new Memory(pids, memoryPercent, clock),
    new Handles(pids, handlesPercent, clock),
    new Disk({ places: [{ folder: nodeFolder, writer: undefined }, ...data], leastMiB: diskFreeMiB, clock }),
    new Pressure(pids, clock),
  ];
}
