import { findAccount, findGroupId, isMapped } from "../../../lab/init/accounts";
import { expandCommand } from "../../../lab/init/command-line";
import { parseDnf } from "../../../lab/init/dnf";
import { parseEnvironmentFile } from "../../../lab/init/environment-file";
import { isStartLimitHit, restarts } from "../../../lab/init/restart-policy";
import { parseSystemctl } from "../../../lab/init/systemctl-arguments";
import { parseStat, unitProcesses } from "../../../lab/init/unit-processes";
import { parseUseradd } from "../../../lab/init/useradd";

test("a command line has its variables and specifiers replaced as systemd does", () => {
  const env = { MAINPID: "7", MANY: "a  b", EMPTY: "" };
  expect(expandCommand(["/bin/kill", "-USR2", "$MAINPID"], "x.service", env)).toEqual(["/bin/kill", "-USR2", "7"]);
  expect(expandCommand(["/bin/x", "$MANY", "$EMPTY", "p${MANY}", "$$5", "%n", "%p", "%%", "cost$"], "x.service", env)).toEqual([
    ...["/bin/x", "a", "b", "pa  b", "$5", "x.service", "x", "%", "cost$"],
  ]);
  expect(() => expandCommand(["/bin/x", "%i"], "x.service", env)).toThrow("must use the specifiers %% %n %N %p, got %i");
});

test("an environment file is read as systemd reads it", () => {
  const text = 'A=1\n# comment\n; other\nB="two words"\nC=\'$x "y"\'\nD=a\\\nb\nE="q\\"r"\n  F = no\nG=tail  \nH=\n';
  expect(parseEnvironmentFile(text)).toEqual({ A: "1", B: "two words", C: '$x "y"', D: "ab", E: 'q"r', G: "tail", H: "" });
});

const endings = {
  clean: { code: 0, signal: null },
  code: { code: 1, signal: null },
  term: { code: null, signal: "SIGTERM" },
  kill: { code: null, signal: "SIGKILL" },
} as const;

test.each([
  ["no", []],
  ["always", ["clean", "code", "term", "kill"]],
  ["on-success", ["clean", "term"]],
  ["on-failure", ["code", "kill"]],
  ["on-abnormal", ["kill"]],
] as const)("Restart=%s starts again after %j", (restart, expected) => {
  expect(Object.entries(endings).flatMap(([name, ending]) => (restarts(restart, ending) ? [name] : []))).toEqual(expected);
});

test("the start limit counts the starts within its interval, and none when it is off", () => {
  expect(isStartLimitHit([0, 1, 2], 10, { startLimitIntervalMs: 100, startLimitBurst: 3 })).toBe(true);
  expect(isStartLimitHit([0, 1, 2], 101, { startLimitIntervalMs: 100, startLimitBurst: 3 })).toBe(false);
  expect(isStartLimitHit([0, 1, 2], 10, { startLimitIntervalMs: 0, startLimitBurst: 3 })).toBe(false);
});

test("a unit's processes are its session, what carries its mark, and what they started", () => {
  const row = (pid: number, parent: number, session: number, environ = "", state = "S") =>
    parseStat(pid, `${pid} (a) b) ${state} ${parent} ${pid} ${session} 0`, environ);
  const rows = [
    row(1, 0, 1),
    row(10, 1, 10),
    row(11, 10, 10),
    row(12, 1, 12, "A=1\0INVOCATION_ID=me\0"),
    row(13, 12, 13),
    row(14, 1, 14),
    row(15, 10, 10, "", "Z"),
  ];
  expect(unitProcesses(rows, 10, "me")).toEqual([10, 11, 12, 13]);
});

test("systemctl's words are understood in every order the image needs", () => {
  expect(parseSystemctl(["show", "a", "--property=ActiveState,MainPID"])).toMatchObject({
    verb: "show",
    units: ["a"],
    properties: ["ActiveState", "MainPID"],
  });
  expect(parseSystemctl(["show", "-p", "MainPID", "--value", "a"])).toMatchObject({ verb: "show", properties: ["MainPID"], valueOnly: true });
  expect(parseSystemctl(["enable", "--now", "a", "b"])).toMatchObject({ verb: "enable", now: true, units: ["a", "b"] });
  expect(parseSystemctl(["kill", "-s", "HUP", "--kill-whom=main", "a"])).toMatchObject({ signal: "SIGHUP", killWhom: "main" });
});

test.each([
  [["enlarge", "a"], "systemctl: must be one of start, stop,"],
  [["start"], "systemctl start: must name a unit"],
  [["start", "--force", "a"], "systemctl: the lab's image does not have the option --force"],
])("systemctl fails on %j", (words, message) => {
  expect(() => parseSystemctl(words)).toThrow(message);
});

test("dnf installs packages of the image, whatever their version", () => {
  expect(parseDnf(["install", "-y", "--releasever=2023.9.20251110", "nodejs24", "haproxy-3.0.5-1.amzn2023", "python3"])).toEqual({
    packages: ["nodejs24", "haproxy", "python3"],
  });
  expect(() => parseDnf(["install", "-y", "nginx"])).toThrow(/got nginx$/);
  expect(() => parseDnf(["update"])).toThrow("dnf: the lab's image has install only, got update");
});

test("useradd takes the options of a system account", () => {
  expect(parseUseradd(["--system", "--no-create-home", "--shell=/sbin/nologin", "-c", "a b", "web"])).toEqual({
    name: "web",
    home: "/home/web",
    shell: "/sbin/nologin",
  });
  expect(() => parseUseradd(["--badname", "web"])).toThrow("useradd: the lab's image does not have the option --badname");
});

test("accounts and mapped ids are found", () => {
  expect(findAccount("root:x:0:0::/root:/bin/bash\nweb:x:998:997::/srv:/bin/false\n", "web")).toEqual({
    name: "web",
    uid: 998,
    gid: 997,
    home: "/srv",
    shell: "/bin/false",
  });
  expect(() => findAccount("", "web")).toThrow("/etc/passwd: must have the user web");
  expect(findGroupId("a:x:1:\nb:x:2:\n", "b")).toBe(2);
  expect([0, 1].map((id) => isMapped("         0       1001          1\n", id))).toEqual([true, false]);
  expect(isMapped("         0          0 4294967295\n", 998)).toBe(true);
});
