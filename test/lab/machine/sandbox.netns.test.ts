import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeWorlds } from "./describe-worlds";
import { InnerWorld } from "./inner-world";
import { network, vpc } from "./sample-network";

jest.setTimeout(60_000);

interface Ran {
  code: number | null;
  signal: string | null;
  output: string;
  ms: number;
}

const ENV = { PATH: "/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin", GREETING: 'it\'s a "test"' };

describeWorlds((privilege) => {
  let world: InnerWorld;
  let taskDir: string;

  beforeAll(async () => {
    world = new InnerWorld(privilege);
    await world.call("start");
    await world.call("network", network(vpc()));
    taskDir = join(world.labDir, "task");
    mkdirSync(taskDir);
    writeFileSync(join(taskDir, "index.js"), "exports.word = 'task';");
  });

  afterAll(() => world.end());

  const run = (script: string, netns = "functions"): Promise<Ran> => world.call<Ran>("sandbox", { netns, taskDir, script, env: ENV });

  test("a function sees its task, its environment and nothing of this machine's folders", async () => {
    const script = `console.log(JSON.stringify({ word: require("/var/task").word, cwd: process.cwd(), env: process.env, top: require("fs").readdirSync("/").sort() }))`;
    const { code, output, ms } = await run(script);
    process.stderr.write(`as ${privilege}: a sandbox from start to end ${ms} ms\n`);
    expect(code).toBe(0);
    const { top, env, ...seen } = JSON.parse(output) as { top: string[]; env: Record<string, string> };
    expect(seen).toEqual({ word: "task", cwd: "/var/task" });
    expect(env).toEqual({ ...ENV, PWD: "/var/task" });
    expect(top).not.toContain("work");
    expect(top.filter((name) => name.startsWith(".old"))).toEqual([]);
  });

  test("a function writes below /tmp only, and as much as it has there", async () => {
    const write = (path: string, bytes = 1) =>
      `try { fs.writeFileSync("${path}", "x".repeat(${bytes})); console.log("yes") } catch (error) { console.log(error.code) }`;
    const writes = [write("/var/task/x"), write("/x"), write("/etc/x"), write("/tmp/x", 2 ** 20), write("/tmp/y", 2 ** 21)];
    const { output } = await run(`const fs = require("fs"); ${writes.join(";")}`);
    expect(output.trim().split("\n")).toEqual(["EROFS", "EROFS", "EROFS", "yes", "ENOSPC"]);
  });

  test("the end of a function is told as it was", async () => {
    expect(await run("process.exit(7)")).toMatchObject({ code: 7, signal: null });
    expect(await run("process.abort()")).toMatchObject({ code: null, signal: "SIGABRT" });
  });

  test("several sandboxes start at the same time", async () => {
    const all = await Promise.all([1, 2, 3, 4].map((n) => run(`console.log(${n})`)));
    expect(all.map(({ output }) => output.trim())).toEqual(["1", "2", "3", "4"]);
  });

  const fetchText = (url: string) =>
    `fetch("${url}", { signal: AbortSignal.timeout(700) }).then((r) => r.text(), () => "refused").then((text) => process.stdout.write(text + "\\n", () => process.exit()))`;

  test("a function in no VPC reaches AWS by its names and the outside, and no VPC", async () => {
    expect((await run(fetchText("https://lambda.us-east-1.amazonaws.com/"))).output).toBe("trusted\n");
    expect((await run(fetchText("http://203.0.113.80/"))).output).toContain('"sourceAddress":"192.0.2.10"');
    await world.call("listen", "node-a", 8080, "node-a");
    expect((await run(fetchText("http://10.0.2.5:8080/"))).output).toBe("refused\n");
    expect((await run(fetchText("http://169.254.169.254/latest/meta-data/"))).output).toBe("refused\n");
  });

  test("a function in a VPC has its interface's rights", async () => {
    expect((await run(fetchText("http://10.0.3.5:8080/"), "node-a")).output).toBe("refused\n");
    await world.call("listen", "node-b", 8080, "node-b");
    expect((await run(fetchText("http://10.0.3.5:8080/"), "node-a")).output).toContain("node-b");
    expect((await run(fetchText("http://10.0.3.5:8080/"), "store")).output).toBe("refused\n");
  });

  test("a socket of this side listens on the loopback of a namespace, and there only", async () => {
    const port = await world.call<number>("listenIn", "node-c", "from outside");
    expect((await run(fetchText(`http://127.0.0.1:${port}/`), "node-c")).output).toBe("from outside\n");
    expect((await run(fetchText(`http://127.0.0.1:${port}/`), "node-a")).output).toBe("refused\n");
  });
});
