import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { applicationSchema } from "../../../contract/application";
import { type AppEnvArgs, appEnv, renderEnvFile, secretsIn, withToken } from "../../../node/app/app-env";
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
# The agent starts it anew: after a diagnosis, later each time, and not for ever.
Restart=no
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
  const args: Omit<AppEnvArgs, "token"> = {
    nodeId: "i-1",
    appPort: 8082,
    agentPort: 8081,
    folder: "/opt/nplus1/current",
    store: { primaryHost: "store.example", readerHost: "reader.example", port: 6379 },
    sessions: {
      lifetimeMs: 86_400_000,
      memoryBytes: 67_108_864,
      maxSessionBytes: 262_144,
      durability: "memory",
      storeTimeoutMs: 2000,
      whenStoreAway: "serve",
    },
    tokenFile: "/run/nplus1/valkey-token",
    cookieSecret: "s3cret",
    caBundle: "/etc/pki/tls/certs/ca-bundle.crt",
    watchdog: { file: "/opt/nplus1/runtime/watchdog.cjs", socket: "/run/nplus1/watchdog.sock" },
  };

  test("has the variables of the contract", () => {
    expect(renderEnvFile(appEnv({ ...args, token: "a'b/c" }))).toBe(
      [
        "PORT=8082",
        "NODE_ID=i-1",
        "SETTINGS_DIR=/opt/nplus1/current",
        "DATA_DIR=/opt/nplus1/current",
        "SESSION_URL=http://127.0.0.1:8081",
        "SESSION_SECRET=s3cret",
        "SESSION_LIFETIME_MS=86400000",
        "SESSION_MEMORY_BYTES=67108864",
        "SESSION_MAX_BYTES=262144",
        "SESSION_DURABILITY=memory",
        "SESSION_STORE_TIMEOUT_MS=2000",
        "SESSION_WHEN_STORE_AWAY=serve",
        "VALKEY_URL=rediss://:a%27b%2Fc@store.example:6379",
        "VALKEY_READER_URL=rediss://:a%27b%2Fc@reader.example:6379",
        "VALKEY_TOKEN_FILE=/run/nplus1/valkey-token",
        "NODE_EXTRA_CA_CERTS=/etc/pki/tls/certs/ca-bundle.crt",
        "NODE_OPTIONS=--require=/opt/nplus1/runtime/watchdog.cjs",
        "NPLUS1_WATCHDOG_SOCKET=/run/nplus1/watchdog.sock",
        "",
      ].join("\n"),
    );
  });

  test("loads nothing into an application that wants no watchdog", () => {
    expect(Object.keys(appEnv({ ...args, token: "a", watchdog: undefined }))).not.toContain("NODE_OPTIONS");
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

  test("takes a rotated token, whatever the tokens are, and no other change", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (first, second) => {
        const before = renderEnvFile(appEnv({ ...args, token: first }));
        expect(withToken(before, second)).toBe(renderEnvFile(appEnv({ ...args, token: second })));
      }),
    );
  });

  test("says which of its values must not be shown", () => {
    expect(secretsIn(renderEnvFile(appEnv({ ...args, token: "a/b" })))).toEqual(["a%2Fb", "a/b", "s3cret"]);
    expect(secretsIn("PORT=1\n")).toEqual([]);
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
    expect(parseApplication("name: shop\nstart: node server.js\n").health).toMatchObject({ path: "/health", timeoutMs: 1000 });
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
