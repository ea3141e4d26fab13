import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execCommand } from "../../../lab/machine/exec-command";
import { asNobody, InnerWorld, isRoot } from "./inner-world";
import { describeWorlds } from "./describe-worlds";
import { network, vpc } from "./sample-network";

jest.setTimeout(60_000);

describeWorlds((privilege) => {
  let world: InnerWorld;
  let booted: { hostPid: number; rootDir: string; ms: number };
  const inside = (argv: string[], input = "") => {
    const rootless = privilege !== "root";
    const [file = "", ...args] = [...(rootless && isRoot ? asNobody() : []), ...execCommand(booted.hostPid, argv, { rootless })];
    return spawnSync(file, args, { encoding: "utf8", input });
  };
  const logged = async (file: string, text: string): Promise<string> => {
    const path = join(booted.rootDir, file);
    for (let left = 400; left > 0; left--) {
      const content = existsSync(path) ? readFileSync(path, "utf8") : "";
      if (content.includes(text)) return content;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`${file}: did not say ${text} within 10 s: ${existsSync(path) ? readFileSync(path, "utf8") : "no file"}`);
  };

  beforeAll(async () => {
    world = new InnerWorld(privilege);
    await world.call("start");
    await world.call("network", network(vpc()));
    await world.call("dns", [["store.example.cache.amazonaws.com", ["10.0.2.9"]]]);
    const userData = `#!/bin/bash
set -euo pipefail
echo first line
dnf install -y nodejs24 haproxy
node-24 --version
useradd --system --no-create-home --shell /sbin/nologin web
cat > /etc/systemd/system/hello.service <<'UNIT'
[Unit]
Description=hello
StartLimitIntervalSec=0
[Service]
User=web
RuntimeDirectory=hello
ExecStart=/usr/bin/node-24 -e "setInterval(() => 0, 1000); console.log('up as', process.getuid())"
Restart=always
RestartSec=50ms
StandardOutput=append:/var/log/hello.log
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now hello
systemctl is-active hello
echo last line
`;
    booted = await world.call("boot", { id: "i-1", netns: "node-a", privateIp: "10.0.2.5", userData });
    await logged("var/log/cloud-init-output.log", "first line");
    process.stderr.write(`as ${privilege}: boot to user data: ${booted.ms} ms\n`);
    await logged("var/log/cloud-init-output.log", "user data ended");
  });

  test("runs user data, which installs packages and starts a unit", async () => {
    const log = await logged("var/log/cloud-init-output.log", "user data ended");
    expect(log).toContain("v24.");
    expect(log).toContain("active\nlast line\nuser data ended with code 0");
    expect(await logged("var/log/hello.log", "up as")).toContain(privilege === "root" ? "up as 998" : "up as 0");
    const units = await world.call<Record<string, { state: string; hostPid: number }>>("units", "i-1");
    expect(units["hello.service"]?.state).toBe("active");
    expect(readFileSync(`/proc/${units["hello.service"]?.hostPid}/cmdline`, "utf8")).toContain("node-24");
  });

  test("asks IMDSv2 of itself, with a token only", () => {
    const url = "http://169.254.169.254/latest";
    const token = inside(["curl", "-sS", "-X", "PUT", "-H", "X-aws-ec2-metadata-token-ttl-seconds: 60", `${url}/api/token`]).stdout;
    const status = (path: string, ...more: string[]) =>
      inside(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", ...more, `${url}${path}`]).stdout;
    expect(status("/meta-data/instance-id")).toBe("401");
    expect(status("/api/token", "-X", "PUT")).toBe("400");
    expect(status("/meta-data/nothing", "-H", `X-aws-ec2-metadata-token: ${token}`)).toBe("404");
    expect(inside(["curl", "-sS", "-H", `X-aws-ec2-metadata-token: ${token}`, `${url}/meta-data/instance-id`]).stdout).toBe("i-1");
  });

  test("resolves AWS's names and the lab's, and no others", () => {
    const address = (name: string) => inside(["getent", "ahostsv4", name]).stdout.split(" ")[0];
    expect(address("s3.us-east-1.amazonaws.com")).toBe("52.216.0.10");
    expect(address("releases.s3.us-east-1.amazonaws.com")).toBe("52.216.0.10");
    expect(address("autoscaling.us-east-1.amazonaws.com")).toBe("52.119.0.10");
    expect(address("store.example.cache.amazonaws.com")).toBe("10.0.2.9");
    expect(address("example.org")).toBe("");
    expect(inside(["env", "RES_OPTIONS=use-vc", "getent", "ahostsv4", "s3.us-east-1.amazonaws.com"]).stdout).toContain("52.216.0.10");
    expect(inside(["getent", "ahostsv4", "i-1.ec2.internal"]).stdout).toContain("10.0.2.5");
  });

  test("has the AWS CLI, and sees neither the project nor the home folders of this machine", () => {
    expect(inside(["aws", "--version"]).stdout).toContain("aws-cli/");
    expect(
      inside(["ls", "-A", "/"])
        .stdout.trim()
        .split("\n")
        .filter((name) => !/^lib/.test(name)),
    ).toEqual([...["bin", "dev", "etc", "home", "opt", "proc", "root", "run", "sbin", "sys", "tmp", "usr", "var"]]);
    expect(inside(["ls", "-A", "/home", "/root"]).stdout).toBe("/home:\n\n/root:\n");
    expect(inside(["touch", "/usr/lib/x"]).status).not.toBe(0);
    expect(inside(["hostname"]).stdout).toBe("i-1.ec2.internal\n");
  });

  test("starts a unit again when its process is killed, and stops it for good when told", async () => {
    const pid = () => inside(["systemctl", "show", "hello", "--property=ActiveState,MainPID"]).stdout;
    const first = pid();
    expect(inside(["systemctl", "kill", "-s", "KILL", "hello"])).toMatchObject({ status: 0, stderr: "" });
    for (let left = 100; (pid() === first || pid().includes("MainPID=0")) && left > 0; left--)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pid()).toMatch(/^MainPID=[1-9]\d*\nActiveState=active\n$/);
    expect(pid()).not.toBe(first);
    expect(inside(["systemctl", "stop", "hello"]).status).toBe(0);
    expect(pid()).toBe("MainPID=0\nActiveState=inactive\n");
    expect(inside(["systemctl", "is-active", "hello"]).status).toBe(3);
  });

  test("reaps orphans", async () => {
    inside(["sh", "-c", "(setsid sleep 0.05 &)"]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const processes = inside(["ps", "-eo", "stat,comm"]).stdout;
    expect(processes).toMatch(/S.* sh\n/);
    expect(processes).not.toMatch(/^Z|sleep/m);
  });

  test("trusts the lab's certificates", async () => {
    const { ca, certPem } = await world.call<{ ca: string; certPem: string }>("issue", [
      "s3.us-east-1.amazonaws.com",
      "*.s3.us-east-1.amazonaws.com",
    ]);
    const bundle = readFileSync(join(world.labDir, "image/ssl/certs/ca-certificates.crt"), "utf8");
    expect(bundle).toContain(ca);
    const verify = ["openssl", "verify", "-verify_hostname", "x.s3.us-east-1.amazonaws.com"];
    expect(inside(verify, certPem).stdout).toContain("stdin: OK");
    const url = "https://secretsmanager.us-east-1.amazonaws.com/";
    expect(inside(["curl", "-sS", url])).toMatchObject({ stdout: "trusted" });
    expect(inside(["node-24", "--use-openssl-ca", "-e", `fetch("${url}").then((r) => r.text()).then(console.log)`]).stdout).toBe("trusted\n");
    const python = `import urllib.request; print(urllib.request.urlopen("${url}").read())`;
    expect(inside(["python3", "-c", python])).toMatchObject({ stderr: "", stdout: "b'trusted'\n" });
    expect(inside(["haproxy", "-v"]).stdout).toContain("HAProxy");
  });

  test("ends with a reason when this machine kills its first process", async () => {
    const exited = world.call<string>("exited", "i-1");
    process.kill(booted.hostPid, "SIGKILL");
    expect(await exited).toMatch(/ended/);
    expect(existsSync(`/proc/${booted.hostPid}`)).toBe(false);
    expect(readFileSync(join(booted.rootDir, "var/log/hello.log"), "utf8")).toContain("up as");
  });

  afterAll(() => world.end());
});
