import fc from "fast-check";
import { parseUnit } from "../../../lab/init/unit-file";

const service = (...lines: string[]) => `[Service]\nExecStart=/bin/true\n${lines.join("\n")}\n`;

test("a unit has systemd's defaults", () => {
  expect(parseUnit("a.service", service())).toEqual({
    name: "a.service",
    description: "a.service",
    type: "simple",
    remainAfterExit: false,
    execStartPre: [],
    execStart: [{ mayFail: false, asRoot: false, words: ["/bin/true"] }],
    execReload: [],
    restart: "no",
    restartMs: 100,
    startLimitIntervalMs: 10_000,
    startLimitBurst: 5,
    user: undefined,
    group: undefined,
    workingDirectory: "/",
    environment: {},
    environmentFiles: [],
    killSignal: "SIGTERM",
    killMode: "control-group",
    timeoutStopMs: 90_000,
    limitNoFile: undefined,
    stdout: { kind: "journal" },
    stderr: { kind: "journal" },
    runtimeDirectories: [],
    runtimeDirectoryMode: 0o755,
    wantedBy: [],
  });
});

test.each<[string, object]>([
  ["Restart=always", { restart: "always" }],
  ["RestartSec=1min 30s", { restartMs: 90_000 }],
  ["TimeoutStopSec=2500ms", { timeoutStopMs: 2500 }],
  ["TimeoutStopSec=infinity", { timeoutStopMs: Number.POSITIVE_INFINITY }],
  ["KillSignal=USR1", { killSignal: "SIGUSR1" }],
  ["KillMode=mixed", { killMode: "mixed" }],
  ["User=web\nGroup=www", { user: "web", group: "www" }],
  ["LimitNOFILE=65536", { limitNoFile: 65_536 }],
  ['Environment="A=1 2" B=3\nEnvironment=C=4', { environment: { A: "1 2", B: "3", C: "4" } }],
  [
    "EnvironmentFile=-/etc/x\nEnvironmentFile=/etc/y",
    {
      environmentFiles: [
        { path: "/etc/x", mayBeMissing: true },
        { path: "/etc/y", mayBeMissing: false },
      ],
    },
  ],
  ["StandardOutput=append:/var/log/x", { stdout: { kind: "append", path: "/var/log/x" }, stderr: { kind: "append", path: "/var/log/x" } }],
  ["StandardError=null", { stdout: { kind: "journal" }, stderr: { kind: "null" } }],
  ["RuntimeDirectory=a b\nRuntimeDirectoryMode=0750", { runtimeDirectories: ["a", "b"], runtimeDirectoryMode: 0o750 }],
  ["ExecStartPre=-/bin/a\nExecStartPre=\nExecStartPre=+/bin/b", { execStartPre: [{ mayFail: false, asRoot: true, words: ["/bin/b"] }] }],
  ["ExecReload=/bin/kill \\\n  -HUP", { execReload: [{ mayFail: false, asRoot: false, words: ["/bin/kill", "-HUP"] }] }],
  ["NoNewPrivileges=yes\n# a comment\n; another\n[Install]\nWantedBy=multi-user.target", { wantedBy: ["multi-user.target"] }],
])("%j", (lines, expected) => {
  expect(parseUnit("a.service", service(lines))).toMatchObject(expected);
});

test.each([
  ["[Service]\nExecStrat=/x", "a.service:2: [Service] must have directives known to the lab, got ExecStrat"],
  ["[Servise]", "a.service:1: must be a section of Unit, Service, Install, got [Servise]"],
  ["ExecStart=/x", "a.service:1: [] must have directives known to the lab, got ExecStart"],
  ["[Service]\nhello", "a.service:2: must be Directive=value, got hello"],
  ["[Service]\nType=notify\nExecStart=/x", "a.service:2: Type must be one of simple, exec, oneshot, got notify"],
  ["[Service]\nExecStart=/x\nRestartSec=soon", "a.service:3: RestartSec must be a time span such as 5, 500ms or 1min 30s, got soon"],
  ["[Service]\nExecStart=/x\nKillSignal=SIGNOT", "a.service:3: KillSignal must be a signal, got SIGNOT"],
  ["[Service]\nExecStart=/x\nWorkingDirectory=here", "a.service:3: WorkingDirectory must be an absolute path, got here"],
  ["[Service]\nExecStart=/x\nRuntimeDirectory=../x", "a.service:3: RuntimeDirectory must be names below /run, got ../x"],
  ["[Service]\nExecStart=/x 'open", "a.service:2: ExecStart must close its quote ', got /x 'open"],
  ["[Service]\nRestart=no", "a.service: [Service] must have one ExecStart (more with Type=oneshot), got 0"],
])("fails on %j", (text, message) => {
  expect(() => parseUnit("a.service", text)).toThrow(message);
});

test("any quoted words come out of a command line as they went in", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ minLength: 1 }).filter((word) => !/[\n\0]/.test(word)),
        { minLength: 1, maxLength: 5 },
      ),
      (words) => {
        const quoted = words.map((word) => `"${word.replace(/[\\"]/g, "\\$&")}"`).join(" ");
        expect(parseUnit("a.service", `[Service]\nExecStart=/bin/x ${quoted}`).execStart[0]?.words).toEqual(["/bin/x", ...words]);
      },
    ),
  );
});
