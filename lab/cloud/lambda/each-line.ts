import type { Readable } from "node:stream";

/** Gives a stream's lines as they come, and its last one without an end. A carriage return is a line break inside a line, as the runtime writes it. */
export function eachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  const give = (line: string): void => onLine(line.replaceAll("\r", "\n"));
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(give);
  });
  stream.once("end", () => rest !== "" && give(rest));
}
