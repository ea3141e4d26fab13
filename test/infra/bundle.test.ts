import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { extract } from "tar-stream";
import { bundle } from "../../infra/bundle";

const folders: string[] = [];

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
  await new Promise<void>((done) => unpack.on("finish", () => done()));
  return seen;
}

test("the same content has the same name, whatever its times, modes and order of creation", async () => {
  const one = folderOf({ "b.txt": "b", "a/x.js": "x", "a/y.js": "y" });
  const two = folderOf({ "a/y.js": "y", "a/x.js": "x", "b.txt": "b" });
  utimesSync(join(two, "b.txt"), 1, 1);
  chmodSync(join(two, "b.txt"), 0o600);
  chmodSync(join(two, "a"), 0o700);
  const [first, second] = [await bundle(one, []), await bundle(two, [])];
  expect(second.digest).toBe(first.digest);
  expect(second.tar.equals(first.tar)).toBe(true);
});

test("the name of a known folder is known: it depends on no machine", async () => {
  const folder = folderOf({ "hello.txt": "hello\n" });
  expect((await bundle(folder, [])).digest).toBe("e7a48648e270f59199d655e9df30f137824d06e4b84d94897670b467e2eacc37");
});

test("other content, an executable bit or another path is another release", async () => {
  const base = folderOf({ "run.sh": "exit 0\n" });
  const executable = folderOf({ "run.sh": "exit 0\n" });
  chmodSync(join(executable, "run.sh"), 0o755);
  const digests = await Promise.all(
    [base, executable, folderOf({ "run.sh": "exit 1\n" }), folderOf({ "run2.sh": "exit 0\n" })].map((f) => bundle(f, [])),
  );
  expect(new Set(digests.map(({ digest }) => digest)).size).toBe(4);
});

test("data, ignored files, version control, tools' notes and empty folders are left out; links inside are kept", async () => {
  const folder = folderOf({
    "app.js": "1",
    "var/invoice.txt": "2",
    "var/.seen": "2",
    ".git/HEAD": "3",
    "notes/todo.md": "6",
    ".nplus1ignore": "# mine\nnotes/\n",
    "node_modules/.package-lock.json": "4",
    "node_modules/m/i.js": "5",
  });
  symlinkSync("../m/i.js", join(folder, "node_modules/m/link.js"));
  mkdirSync(join(folder, "empty/inside"), { recursive: true });
  const { tar } = await bundle(folder, ["var/**"]);
  expect(await entriesOf(tar)).toEqual([
    "app.js file 644",
    "node_modules directory 755",
    "node_modules/m directory 755",
    "node_modules/m/i.js file 644",
    "node_modules/m/link.js symlink 755",
  ]);
});

test.each([["/etc/passwd"], ["../outside"], ["a/../../outside"], ["a/../a/x"]])("fails when a link leads to %s", async (target) => {
  const folder = folderOf({ "a/x": "1" });
  symlinkSync(target, join(folder, "link"));
  await expect(bundle(folder, [])).rejects.toThrow(
    `link: must link to something inside the application's folder (relative, '..' only at its beginning), got ${target}`,
  );
});

test("fails for what is neither file, folder nor link", async () => {
  const folder = folderOf({});
  execFileSync("mkfifo", [join(folder, "pipe")]);
  await expect(bundle(folder, [])).rejects.toThrow("pipe: must be a file, a folder or a link to be part of a release");
});

test("names longer than a tar header and beyond ASCII are kept", async () => {
  const long = `${"long/".repeat(40)}ünïcödé.txt`;
  const { tar } = await bundle(folderOf({ [long]: "1" }), []);
  expect((await entriesOf(tar)).at(-1)).toBe(`${long} file 644`);
});

test("the process's umask changes nothing", async () => {
  const before = process.umask(0o077);
  const strict = await bundle(folderOf({ "a/x": "1" }), []);
  process.umask(before);
  expect(strict.digest).toBe((await bundle(folderOf({ "a/x": "1" }), [])).digest);
});
