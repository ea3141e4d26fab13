import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { extract } from "tar-stream";
import { bundle } from "../../infra/bundle";
import { readApplication } from "../../infra/read-application";

const folders: string[] = [];
const nothing = (): boolean => false;

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "nplus1-bundle-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function entriesOf(tar: Buffer): Promise<string[]> {
  const unpack = extract();
  const seen: string[] = [];
  unpack.on("entry", (header, stream, next) => {
    seen.push(`${header.name} ${header.type} ${(header.mode ?? 0).toString(8)}`);
    stream.on("end", next).resume();
  });
  unpack.end(tar);
  await new Promise((done) => unpack.on("finish", done));
  return seen;
}

test("the same content has the same name, whatever its times, modes and order of creation", async () => {
  const one = folderOf({ "b.txt": "b", "a/x.js": "x", "a/y.js": "y" });
  const two = folderOf({ "a/y.js": "y", "a/x.js": "x", "b.txt": "b" });
  utimesSync(join(two, "b.txt"), 1, 1);
  chmodSync(join(two, "b.txt"), 0o600);
  chmodSync(join(two, "a"), 0o700);
  const [first, second] = [await bundle(one, nothing), await bundle(two, nothing)];
  expect(second.digest).toBe(first.digest);
  expect(second.tar.equals(first.tar)).toBe(true);
});

test("the name of a known folder is known: it depends on no machine", async () => {
  const folder = folderOf({ "hello.txt": "hello\n" });
  expect((await bundle(folder, nothing)).digest).toBe("e7a48648e270f59199d655e9df30f137824d06e4b84d94897670b467e2eacc37");
});

test("other content, an executable bit or another path is another release", async () => {
  const base = folderOf({ "run.sh": "exit 0\n" });
  const executable = folderOf({ "run.sh": "exit 0\n" });
  chmodSync(join(executable, "run.sh"), 0o755);
  const digests = await Promise.all([base, executable, folderOf({ "run.sh": "exit 1\n" }), folderOf({ "run2.sh": "exit 0\n" })].map((f) => bundle(f, nothing)));
  expect(new Set(digests.map(({ digest }) => digest)).size).toBe(4);
});

test("data, version control and package managers' notes are left out; links inside are kept", async () => {
  const folder = folderOf({ "app.js": "1", "var/invoice.txt": "2", ".git/HEAD": "3", "node_modules/.package-lock.json": "4", "node_modules/m/i.js": "5" });
  symlinkSync("../m/i.js", join(folder, "node_modules/m/link.js"));
  const { tar } = await bundle(folder, (path) => path === "var" || path.startsWith("var/"));
  expect(await entriesOf(tar)).toEqual([
    "app.js file 644",
    "node_modules directory 755",
    "node_modules/m directory 755",
    "node_modules/m/i.js file 644",
    "node_modules/m/link.js symlink 755",
  ]);
});

test.each([["/etc/passwd"], ["../outside"], ["a/../../outside"]])("fails when a link leads to %s", async (target) => {
  const folder = folderOf({ "a/x": "1" });
  symlinkSync(target, join(folder, "link"));
  await expect(bundle(folder, nothing)).rejects.toThrow(`link: must link to something inside the application's folder, got ${target}`);
});

test.each([
  ["name: shop\nstart: node s.js\nport: 1\n", "unknown keys port"],
  ["start: node s.js\n", "name: "],
  ["name: Shop\nstart: x\n", 'got "Shop"'],
  ["name: shop\nstart: x\ndata: [../etc]\n", "data.0: must be a path inside the application's folder"],
  ["name: shop\nstart: x\nhealth: { timeoutMs: 20000 }\n", "health.timeoutMs: "],
  ["name: [shop\n", "nplus1.yaml: "],
])("fails when nplus1.yaml says %j", (content, message) => {
  expect(() => readApplication(folderOf({ "nplus1.yaml": content }))).toThrow(message);
});

test("fails when there is no nplus1.yaml, or no folder", () => {
  expect(() => readApplication(folderOf({}))).toThrow("nplus1.yaml: missing");
  expect(() => readApplication("/nowhere/at/all")).toThrow("nplus1:app: must be an application's folder, got /nowhere/at/all");
});
