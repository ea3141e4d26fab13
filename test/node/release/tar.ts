import { type Header, pack } from "tar-stream";

export type TestEntry = Partial<Header> & { name: string; content?: string };

export async function tarOf(entries: readonly TestEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content, ...header } of entries) {
    if (header.type === undefined || header.type === "file") tar.entry(header, content ?? "");
    else tar.entry(header);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
