import { PassThrough } from "node:stream";
import { progress } from "../../../cli/lab/progress";

const shown = (isTTY: boolean, texts: string[]): string => {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 40 });
  const show = progress(stream as unknown as NodeJS.WriteStream);
  texts.forEach(show);
  show.done();
  return String(stream.read() ?? "");
};

test("off a terminal each step is one plain line", () => {
  expect(shown(false, ["pulumi up: reading", "pulumi up: 3 done", "waiting"])).toBe("  0 s  pulumi up: reading\n  0 s  waiting\n");
});

test("on a terminal one line changes, is never wider than the terminal, and is gone at the end", () => {
  const text = shown(true, ["a".repeat(100)]);
  expect(text).toBe(`\r\x1b[2K  0 s  ${"a".repeat(32)}\r\x1b[2K`);
});
