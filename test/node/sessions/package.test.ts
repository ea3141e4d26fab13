import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "../../..");
const BUILDER = join(PROJECT, "node/build/build-session-package.mjs");

const folder = mkdtempSync(join(tmpdir(), "nplus1-package-"));
const installed = join(folder, "node_modules/nplus1");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const build = (to: string): void => {
  const script = `import { buildSessionPackage } from ${JSON.stringify(BUILDER)}; await buildSessionPackage(${JSON.stringify(PROJECT)}, ${JSON.stringify(to)});`;
  execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: folder });
};

/** What a program in a folder with nothing but the package prints. */
const run = (script: string, env: Record<string, string> = {}): string =>
  execFileSync(process.execPath, ["-e", script], { cwd: folder, env: { PATH: process.env["PATH"], ...env }, encoding: "utf8", stdio: "pipe" }).trim();

beforeAll(() => build(installed));

test("the package is one module, its types and a page, and needs no other package", () => {
  expect(readdirSync(installed).sort()).toEqual(["README.md", "package.json", "session.cjs", "session.d.ts"]);
  const { name, version, exports, dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  expect([name, version]).toEqual(["nplus1", JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")).version]);
  expect(Object.keys(exports)).toEqual(["./session", "./package.json"]);
  expect(dependencies).toBeUndefined();
  // It is part of each release of an application.
  expect(statSync(join(installed, "session.cjs")).size).toBeLessThan(1_500_000);
});

test("the same sources give the same bytes, wherever they are built", () => {
  const again = join(folder, "again");
  build(again);
  for (const file of readdirSync(installed)) expect(readFileSync(join(again, file)).equals(readFileSync(join(installed, file)))).toBe(true);
  expect(readFileSync(join(installed, "session.cjs"), "utf8")).not.toContain(PROJECT);
});

test("what it exports is there, and refusals are errors of their own", () => {
  const script = `const session = require("nplus1/session");
    const error = new session.SessionTooLarge(3, 2);
    console.log([typeof session, ...Object.keys(session)].join(" "));
    console.log(error instanceof session.SessionError, error.name, error.status);`;
  const [exported, error] = run(script).split("\n");
  expect(exported?.split(" ")).toEqual(
    "function Store versions openSessions SessionError StoreAway StoreFull StoreRefused SessionTooLarge InvalidSessionId SessionGone VersionConflict StaleEpoch".split(
      " ",
    ),
  );
  expect(error).toBe("true SessionTooLarge 413");
});

test.each([
  [
    'session({ secret: "x" })',
    {},
    "VALKEY_URL: must be the session store's address, as redis://127.0.0.1:6379, got nothing; a node of the cluster sets it",
  ],
  ["session()", { VALKEY_URL: "redis://127.0.0.1:1" }, "session/secret: must be a text, or SESSION_SECRET must be in the environment, got neither"],
  ["new session.Store()", { VALKEY_URL: "redis://127.0.0.1:1", SESSION_MAX_BYTES: "1k" }, "SESSION_MAX_BYTES: must be a whole number, got 1k"],
  ["new session.Store({})", { VALKEY_URL: "http://127.0.0.1:1" }, "sessions: url: must be a URL that begins with redis:// or rediss://"],
])("fails with what has to be said: %s with %j", (call, env, message) => {
  const script = `const session = require("nplus1/session"); try { ${call} } catch (error) { console.log(error.message) }; process.exit()`;
  expect(run(script, env)).toBe(message);
});

test("its types take a program that was written for express-session", () => {
  mkdirSync(join(folder, "program"), { recursive: true });
  writeFileSync(
    join(folder, "program/program.ts"),
    `import session = require("nplus1/session");
    declare module "nplus1/session" { interface SessionData { user?: string } }
    const middleware = session({ secret: "x", resave: false, saveUninitialized: false, cookie: { maxAge: 60_000, secure: "auto", sameSite: "lax" } });
    middleware({}, {} as never, () => undefined);
    const store = new session.Store({ storeTimeoutMs: 500 });
    session.versions(store, { name: "sid", secret: ["a", "b"] });
    export async function login(req: { session: session.Session }): Promise<void> {
      await req.session.regenerate();
      req.session.user = "bob";
      await req.session.update((draft) => { draft.visits = (draft.visits ?? 0) + 1; });
      req.session.save((error) => { if (error instanceof session.StoreAway) throw error; });
    }
    // @ts-expect-error no such option
    session({ secrets: "x" });
`,
  );
  const tsc = join(PROJECT, "node_modules/typescript/bin/tsc");
  const args = [
    "--noEmit",
    "--skipLibCheck",
    "--strict",
    "--module",
    "nodenext",
    "--types",
    "node",
    "--typeRoots",
    join(PROJECT, "node_modules/@types"),
  ];
  expect(
    run(`try { require("child_process").execFileSync(process.execPath, ${JSON.stringify([tsc, ...args, join(folder, "program/program.ts")])}) }
    catch (error) { console.log(String(error.stdout)) }`),
  ).toBe("");
}, 60_000);
