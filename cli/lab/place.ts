import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LAB_FILE, type LabFile, labFileSchema, type LabStatus, labStatusSchema } from "../../contract/lab-file";
import { Failure } from "../failure";
import { projectDir } from "../project";

/** The folder of this checkout's lab, or the one NPLUS1_LAB_DIR names. */
export const labDir = (): string => resolve(process.env.NPLUS1_LAB_DIR ?? join(projectDir(), ".nplus1/lab"));

/** The running lab; undefined when there is none, also when it crashed and left its file. */
export function runningLab(): LabFile | undefined {
  const file = join(labDir(), LAB_FILE);
  if (!existsSync(file)) return undefined;
  const lab = labFileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  return isAlive(lab.pid) ? lab : undefined;
}

/** @throws Failure when no lab runs. */
export function theLab(): LabFile {
  const lab = runningLab();
  if (!lab) throw new Failure("no lab is running here; start it with: npm start");
  return lab;
}

export async function labStatus(lab: LabFile): Promise<LabStatus> {
  const answer = await fetch(`http://127.0.0.1:${lab.ports.endpoint}/_lab/status`);
  if (!answer.ok) throw new Failure(`the lab does not say its status: ${answer.status} ${await answer.text()}`);
  return labStatusSchema.parse(await answer.json());
}

/** Whether a process with this id is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
