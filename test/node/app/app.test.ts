import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { applicationSchema } from "../../../contract/application";
import { appEnv, renderEnvFile } from "../../../node/app/app-env";
import { renderAppUnit, renderStartFile } from "../../../node/app/app-unit";
import { dataFolders } from "../../../node/app/data-folders";
import { lastLines } from "../../../node/app/last-output";
import { parseApplication } from "../../../node/app/read-application";

describe("the application's unit", () => {
  test("says user, folder, stop signal and grace", () => {
    const application = applicationSchema.parse({ name: "shop", start: "node server.js", stop: { signal: "SIGINT", graceMs: 2500 } });
    const unit = renderAppUnit({
      application,
      user: "nplus1-app",
      folder: "/opt/nplus1/current",
      startFile: "/etc/nplus1/app-start.sh",
      envFile: "/etc/nplus1/app.env",
      logFile: "/var/log/nplus1/app.log",
    });
    expect(unit).toBe(`[Unit]
Description=nplus1 application shop
StartLimitIntervalSec=0

[Service]
User=nplus1-app
WorkingDirectory=/opt/nplus1/current
EnvironmentFile=/etc/nplus1/app.env
ExecStart=/bin/sh /etc/nplus1/app-start.sh
Restart=always
KillSignal=SIGINT
TimeoutStopSec=2500ms
NoNewPrivileges=yes
StandardOutput=append:/var/log/nplus1/app.log
StandardError=append:/var/log/nplus1/app.log
`);
  });

  test.each([
    ["echo hello", "hello\n"],
    [`echo "it's" '100%' $((1 + 1))`, "it's 100% 2\n"],
    ["true && echo a; echo b", "a\nb\n"],
    ["echo 'a\nb'", "a\nb\n"],
  ])("the start line %j runs as a shell runs it", (start, output) => {
    expect(execFileSync("/bin/sh", { input: renderStartFile(start), encoding: "utf8" })).toBe(output);
  });

  test("a simple start line replaces the shell: the unit's process is the application", () => {
    expect(renderStartFile("node --max-old-space-size=512 server.js")).toBe("exec node --max-old-space-size=512 server.js\n");
  });

  test.each(["A=1 node server.js", "cd app", "node *.js", "a; b", "exec node server.js"])("%j is left to a shell", (start) => {
    expect(renderStartFile(start)).toBe(`exec /bin/sh -c '${start}'\n`);
  });
});

describe("the application's environment", () => {
  const store = { primaryHost: "store.example", readerHost: "r", port: 6379, authSecretArn: "arn" };
  const args = { nodeId: "i-1", appPort: 8082, agentPort: 8081, folder: "/opt/nplus1/current", store };

  test("has the six variables of the contract", () => {
    expect(renderEnvFile(appEnv({ ...args, token: "a'b/c" }))).toBe(
      [
        "PORT=8082",
        "NODE_ID=i-1",
        "SETTINGS_DIR=/opt/nplus1/current",
        "DATA_DIR=/opt/nplus1/current",
        "SESSION_URL=http://127.0.0.1:8081",
        "VALKEY_URL=rediss://:a%27b%2Fc@store.example:6379",
        "",
      ].join("\n"),
    );
  });

  test("carries any token through the file and back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii", minLength: 1 }), (token) => {
        const file = renderEnvFile(appEnv({ ...args, token }));
        const url = file.split("\n").find((line) => line.startsWith("VALKEY_URL="));
        expect(decodeURIComponent(new URL((url ?? "").slice("VALKEY_URL=".length)).password)).toBe(token);
      }),
    );
  });

  test("fails when a value would be read otherwise than it was written", () => {
    expect(() => renderEnvFile({ A: "x\nB=y" })).toThrow("A: must have no character that means something in an environment file");
  });
});

describe("the data folders", () => {
  test.each([
    [["var/**"], ["var"]],
    [
      ["var/invoices/*.txt", "var/**", "log/a.log"],
      ["log", "var", "var/invoices"],
    ],
    [["*.txt"], ["."]],
    [["counter"], ["."]],
    [["./var//x/{a,b}"], ["var/x"]],
    [[], []],
  ])("of %j are %j", (globs, folders) => {
    expect(dataFolders(globs)).toEqual(folders);
  });
});

describe("nplus1.yaml on the node", () => {
  test("is read with its defaults", () => {
    expect(parseApplication("name: shop\nstart: node server.js\n").health).toEqual({ path: "/health", timeoutMs: 1000 });
  });

  test.each([
    ["name: shop\nstart: [", /^nplus1\.yaml: must be YAML: /],
    ["name: shop\nstart: x\nport: 3", /^nplus1\.yaml: .*port/],
    ["name: shop\nstart: x\ndata: ['../x']", /^nplus1\.yaml: .*must be a path inside the application's folder/],
  ])("fails when it is %j", (text, message) => {
    expect(() => parseApplication(text)).toThrow(message);
  });
});

test("the last output is one line of at most 15, without secrets", () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`).join("\n");
  expect(lastLines(`${lines}\n\nurl is rediss://:s3cret@x\n`, ["s3cret", ""])).toBe(
    `${Array.from({ length: 14 }, (_, i) => `line ${i + 6}`).join(" | ")} | url is rediss://:***@x`,
  );
});
