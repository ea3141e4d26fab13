import { matchesAny } from "../../infra/globs";

test.each([
  ["var/**", "var/a", true],
  ["var/**", "var/.hidden/a", true],
  ["var/**", "variant/a", false],
  ["*.log", "app.log", true],
  ["*", ".env", true],
  ["*.log", "a/app.log", false],
  ["**/*.log", "a/b/app.log", true],
  [".cache", ".cache", true],
  ["./var/*.txt", "var/x.txt", true],
  ["a.b", "axb", false],
])("the glob %s takes %s: %s", (glob, path, taken) => {
  expect(matchesAny([glob], path)).toBe(taken);
});
