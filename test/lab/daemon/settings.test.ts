import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labIdOf, readSettings } from "../../../lab/daemon/settings";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "nplus1-settings-")));
const env = { NPLUS1_LAB_DIR: folder, NPLUS1_PROJECT: "/project", NPLUS1_NODE_DIR: "/node", NPLUS1_MOTO_DIR: "/moto" };

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a lab's names follow from its folder", () => {
  expect(readSettings(env, 0)).toMatchObject({ labDir: folder, labId: labIdOf(folder), rootless: false, httpPort: undefined });
  expect(labIdOf("/a")).not.toBe(labIdOf("/b"));
  expect(labIdOf(folder)).toMatch(/^[0-9a-f]{6}$/);
});

test("whoever is not root has a rootless lab", () => {
  expect(readSettings({ ...env, NPLUS1_PORT: "9000" }, 1000)).toMatchObject({ rootless: true, httpPort: 9000 });
});

test("fails when a setting is missing", () => {
  expect(() => readSettings({ ...env, NPLUS1_MOTO_DIR: "" }, 0)).toThrow("NPLUS1_MOTO_DIR: must be set");
});
