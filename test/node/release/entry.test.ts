import fc from "fast-check";
import { posix } from "node:path";
import { refusal } from "../../../node/release/entry";

describe("an entry of a release", () => {
  test.each([
    ["server.js", "file", null],
    ["a/b/c", "directory", null],
    ["..hidden/x", "file", null],
    ["node_modules/.bin/semver", "symlink", "../semver/bin/semver.js"],
    ["a/b/link", "symlink", "../../top"],
    ["link", "symlink", "./x"],
  ])("%s (%s) is unpacked", (name, type, linkname) => {
    expect(refusal({ name, type, linkname })).toBeUndefined();
  });

  test.each([
    ["/etc/passwd", "file", null, "must be a relative path"],
    ["../up", "file", null, "must not contain '..'"],
    ["a/../../up", "file", null, "must not contain '..'"],
    ["a/..", "directory", null, "must not contain '..'"],
    ["a\0b", "file", null, "must not contain a zero byte"],
    ["hard", "link", "server.js", "must be a file, folder or symbolic link, got link"],
    ["null", "character-device", null, "must be a file, folder or symbolic link, got character-device"],
    ["sda", "block-device", null, "must be a file, folder or symbolic link, got block-device"],
    ["pipe", "fifo", null, "must be a file, folder or symbolic link, got fifo"],
    ["out", "symlink", "/etc", 'must point inside the release, got "/etc"'],
    ["out", "symlink", "../etc", 'must point inside the release, got "../etc"'],
    ["a/out", "symlink", "../../etc", 'must point inside the release, got "../../etc"'],
    ["out", "symlink", "a/..", 'must point inside the release, got "a/.."'],
    ["a/out", "symlink", "..a/..", 'must point inside the release, got "..a/.."'],
    ["a/out", "symlink", "./../../etc", 'must point inside the release, got "./../../etc"'],
    ["out", "symlink", "", 'must point inside the release, got ""'],
  ])("fails when it is %j (%s to %j)", (name, type, linkname, reason) => {
    expect(refusal({ name, type, linkname })).toBe(reason);
  });

  test("never stays allowed when its name or link leads out", () => {
    const part = fc.constantFrom("..", ".", "a", "b", "", "...");
    const path = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(path, path, (name, linkname) => {
        if (refusal({ name, type: "symlink", linkname }) !== undefined) return;
        expect(posix.resolve("/r/e/l", name)).toMatch(/^\/r\/e\/l/);
        expect(posix.resolve("/r/e/l", posix.dirname(name), linkname)).toMatch(/^\/r\/e\/l/);
      }),
      { numRuns: 5000 },
    );
  });
});
