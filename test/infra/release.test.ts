import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRelease, Release } from "../../infra/release";
import { only, record } from "./record";

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "nplus1-release-"));
  mkdirSync(join(project, "app"));
  writeFileSync(join(project, "app/nplus1.yaml"), "name: shop\nstart: node server.js\n");
});

afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

function build(tar: string, digest: string): void {
  mkdirSync(join(project, "dist"), { recursive: true });
  writeFileSync(join(project, "dist/node-runtime.tar"), tar);
  writeFileSync(join(project, "dist/node-runtime.sha256"), `${digest}\n`);
}

test("a release is a file named by its own SHA-256, made once", async () => {
  build("runtime", sha256("runtime"));
  const made = await makeRelease(project, "app");
  expect(made).toEqual({
    digest: sha256(readFileSync(made.releaseFile)),
    releaseFile: join(project, `.nplus1/releases/${made.digest}.tar`),
    runtimeDigest: sha256("runtime"),
    runtimeFile: join(project, "dist/node-runtime.tar"),
  });
  expect(await makeRelease(project, join(project, "app"))).toEqual(made);
});

test("fails when the runtime is not built", async () => {
  await expect(makeRelease(project, "app")).rejects.toThrow("dist/node-runtime.tar: must be built, got nothing; run npm run build");
});

test("fails when the runtime is not what was built", async () => {
  build("runtime", sha256("another"));
  const message = `dist/node-runtime.tar: must have the SHA-256 ${sha256("another")}, got ${sha256("runtime")}; run npm run build`;
  await expect(makeRelease(project, "app")).rejects.toThrow(message);
});

test.each([true, false])("the release and the runtime are uploaded by digest, and history is kept: %s", async (retain) => {
  const content = { digest: "a".repeat(64), releaseFile: "/p/a.tar", runtimeDigest: "b".repeat(64), runtimeFile: "/p/b.tar" };
  const made = await record(() => new Release("release", { content, bucketName: "releases", retain }));
  const type = "aws:s3/bucketObjectv2:BucketObjectv2";
  const object = { bucket: "releases", contentType: "application/x-tar" };
  expect(only(made, type, "release-app-aaaaaaaaaaaa")).toMatchObject({ ...object, key: `releases/${"a".repeat(64)}.tar` });
  expect(only(made, type, "release-runtime-bbbbbbbbbbbb")).toMatchObject({ ...object, key: `runtime/${"b".repeat(64)}.tar` });
  expect(made.filter((one) => one.type === type).map(({ retainOnDelete }) => retainOnDelete)).toEqual([retain, retain]);
});
