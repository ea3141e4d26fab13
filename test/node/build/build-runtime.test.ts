import { execFile, execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The builder is an ES module: run as bin/build.mjs runs it, by plain node. */
function build(project: string): { file: string; digest: string } {
  const script = `import(${JSON.stringify(resolve("node/build/build-runtime.mjs"))}).then(({ buildRuntime }) => buildRuntime(${JSON.stringify(project)})).then((built) => console.log(JSON.stringify(built)))`;
  return JSON.parse(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" })) as { file: string; digest: string };
}

describe("the node runtime", () => {
  let copy: string;

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), "nplus1-build-"));
    for (const folder of ["node", "contract", "package.json", "tsconfig.json"]) await cp(folder, join(copy, folder), { recursive: true });
    await symlink(resolve("node_modules"), join(copy, "node_modules"));
  });
  afterAll(() => rm(copy, { recursive: true }));

  test("has the same digest when built twice, and holds agent, gate, units and watchdog", async () => {
    const first = build(copy);
    await utimes(join(copy, "node/gate/gate.lua"), 1, 1);
    expect(build(copy)).toEqual(first);
    expect(await readFile(join(copy, "dist/node-runtime.sha256"), "utf8")).toBe(`${first.digest}\n`);
    const listed = execFileSync("tar", ["tf", first.file], { encoding: "utf8" });
    expect(listed.trim().split("\n")).toEqual([
      "agent.cjs",
      "gate.lua",
      "units/",
      "units/nplus1-agent.service",
      "units/nplus1-gate.service",
      "watchdog.cjs",
    ]);
  }, 30_000);

  test("the agent is one file that needs no other", async () => {
    const alone = await mkdtemp(join(tmpdir(), "nplus1-agent-"));
    execFileSync("tar", ["xf", build(copy).file, "-C", alone]);
    const words = await new Promise<string>((done) => {
      execFile(process.execPath, [join(alone, "agent.cjs")], { cwd: alone, env: {} }, (_, __, stderr) => done(stderr));
    });
    await rm(alone, { recursive: true });
    expect(words).toContain("no such file or directory, open '/etc/nplus1/node.json'");
  }, 30_000);
});
