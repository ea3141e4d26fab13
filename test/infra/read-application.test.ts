import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readApplication } from "../../infra/read-application";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nplus1-application-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The lines of the message. */
function faultsOf(content: string): string[] {
  writeFileSync(join(folder, "nplus1.yaml"), content);
  try {
    readApplication(folder);
  } catch (error) {
    return (error as Error).message.replaceAll(folder, "app").split("\n  ");
  }
  return [];
}

const faulty = "app/nplus1.yaml has faults (docs/application.md):";

test.each([
  ["name: shop\nstart: node s.js\nport: 1\n", "port: must be a known key"],
  ["name: shop\nstart: x\nhealth: { url: / }\n", "health.url: must be a known key"],
  ["name: shop\n", "start: must be string, got nothing"],
  ["name: shop\nstart: 5\n", "start: must be string, got 5"],
  ["name: Shop\nstart: x\n", 'name: must be 1-32 lower-case letters, digits or dashes, beginning with a letter, got "Shop"'],
  ["name: shop\nstart: x\ndata: [../etc]\n", "data.0: must be a path inside the application's folder (relative, no '..'), got \"../etc\""],
  ["name: shop\nstart: x\nhealth: { timeoutMs: 20000 }\n", "health.timeoutMs: must be at most 10000, got 20000"],
  [
    "name: shop\nstart: x\nstop: { signal: SIGKILL }\n",
    'stop.signal: must be one of SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, got "SIGKILL"',
  ],
  ["name: shop\nstart: x\nsettings: { files: [], reload: never }\n", 'settings.reload: must be { signal: … }, { http: … } or restart, got "never"'],
  ["just text\n", 'the whole file: must be object, got "just text"'],
  ["", "the whole file: must be object, got null"],
])("fails when nplus1.yaml says %j", (content, fault) => {
  expect(faultsOf(content)).toEqual([faulty, fault]);
});

test("all faults are told at once", () => {
  expect(faultsOf("name: 1\nextra: 2\n")).toHaveLength(4);
});

test("fails where the file is not YAML, and says where", () => {
  expect(faultsOf("name: [shop\n")[0]).toMatch(/^app\/nplus1.yaml: must be YAML: .* at line \d+, column \d+/);
});

test("fails when there is no nplus1.yaml, or no folder", () => {
  expect(() => readApplication(folder)).toThrow("nplus1.yaml: must be there, every application has one (docs/application.md), got nothing");
  expect(() => readApplication("/nowhere/at/all")).toThrow("nplus1:app: must be an application's folder, got /nowhere/at/all");
});

test("what is not said has its default", () => {
  writeFileSync(join(folder, "nplus1.yaml"), "name: shop\nstart: node server.js\n");
  expect(readApplication(folder)).toEqual({
    name: "shop",
    start: "node server.js",
    health: {
      path: "/health",
      timeoutMs: 1000,
      eventLoopMs: 1000,
      heapPercent: 95,
      memoryPercent: 90,
      handlesPercent: 98,
      diskFreeMiB: 20,
      watchdog: true,
    },
    stop: { signal: "SIGTERM", graceMs: 10_000 },
    data: [],
  });
});
