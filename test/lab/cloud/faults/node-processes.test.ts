import { NodeProcesses } from "../../../../lab/cloud/faults/node-processes";

function processesOf(units: Record<string, { state: string; hostPid: number | null }>) {
  const sent: unknown[] = [];
  const isAlive = (pid: number): boolean => pid !== 7;
  return { sent, processes: new NodeProcesses({ units: async () => units }, (pid, signal) => isAlive(pid) && sent.push([pid, signal]) > 0) };
}

const running = (hostPid: number | null) => ({ "nplus1-app.service": { state: "active", hostPid } });

test("a signal goes to the unit's main process", async () => {
  const { processes, sent } = processesOf({ ...running(6), "nplus1-gate.service": { state: "active", hostPid: 5 } });
  await processes.signal("i-1", "app", "SIGSTOP");
  expect(await processes.signalIfRuns("i-1", "gate", "SIGKILL")).toBe(true);
  expect(sent).toEqual([
    [6, "SIGSTOP"],
    [5, "SIGKILL"],
  ]);
});

test.each([
  ["never ran", {}],
  ["ended", running(null)],
  ["ends at this moment", running(7)],
])("a unit that %s gets none", async (_why, units) => {
  const { processes, sent } = processesOf(units);
  expect(await processes.signalIfRuns("i-1", "app", "SIGKILL")).toBe(false);
  await expect(processes.signal("i-1", "app", "SIGKILL")).rejects.toThrow("app: must run on i-1, and does not");
  expect(sent).toEqual([]);
});
