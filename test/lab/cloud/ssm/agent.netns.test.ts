import type { Ran } from "../../../../lab/cloud/ssm/agent";
import type { CommandStep } from "../../../../lab/cloud/ssm/command-document";
import { describeWorlds } from "../../machine/describe-worlds";
import { InnerWorld } from "../../machine/inner-world";
import { network, vpc } from "../../machine/sample-network";

jest.setTimeout(60_000);

const OTHER_SERVICES = "52.119.0.10";

describeWorlds((privilege) => {
  let world: InnerWorld;

  beforeAll(async () => {
    world = new InnerWorld(privilege);
    await world.call("start");
    await world.call("network", network(vpc()));
    await world.call("boot", { id: "node-a", netns: "node-a", privateIp: "10.0.2.5", userData: "" });
  });

  afterAll(() => world.end());

  const run = (script: string, more: Partial<CommandStep> = {}, cancelMs: number | null = null): Promise<Ran> =>
    world.call<Ran>(
      "command",
      "node-a",
      { name: "one", script, workingDirectory: undefined, timeoutSeconds: 20, continues: true, ...more },
      cancelMs,
    );

  test("a command runs on the instance as root, in its own processes and files", async () => {
    const ran = await run('id -u; hostname; cat /proc/1/cmdline | tr "\\0" " " | cut -c1-10; echo $AWS_SSM_INSTANCE_ID; echo oh >&2; exit 3\n');
    expect(ran).toEqual({ code: 3, stdout: "0\nnode-a.ec2.internal\n/bin/sh -c\nnode-a\n", stderr: "oh\n" });
    expect((await run("pwd\n", { workingDirectory: "/opt" })).stdout).toBe("/opt\n");
    expect((await run("pwd\n", { workingDirectory: "/nowhere" })).code).not.toBe(0);
  });

  test("a command that takes too long is ended with all that it started", async () => {
    const since = performance.now();
    const { code, stdout } = await run("echo begin; sleep 60 & wait\n", { timeoutSeconds: 1 });
    expect([code, stdout]).toEqual([124, "begin\n"]);
    expect(performance.now() - since).toBeLessThan(5000);
    expect((await run("ps ax -o args | grep -c '^sleep 60' || true\n")).stdout).toBe("0\n");
  });

  test("a cancelled command ends with all that it started", async () => {
    await run("sleep 61\n", {}, 300);
    expect((await run("ps ax -o args | grep -c '^sleep 61' || true\n")).stdout).toBe("0\n");
  });

  test("an instance reaches the service by its own network, or does not", async () => {
    expect(await world.call("reaches", "node-a", OTHER_SERVICES)).toBe(true);
    expect(await world.call("reaches", "store", OTHER_SERVICES)).toBe(false);
  });

  test("a command on an instance that dies ends without a code of its own", async () => {
    const running = run("sleep 62\n");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await world.call("kill", "node-a");
    expect((await running).code).not.toBe(0);
  });
});
