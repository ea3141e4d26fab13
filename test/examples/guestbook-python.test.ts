import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { RunningApp } from "./running-app";

describe("the guest book", () => {
  let book: RunningApp;

  beforeAll(async () => {
    book = await RunningApp.start("guestbook-python");
  });
  afterAll(async () => expect(await book.stop()).toBe(0));

  const sign = (body: string) =>
    fetch(`${book.url}/entries`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
      redirect: "manual",
    });

  test("keeps what is written, in its file and escaped on its page", async () => {
    const signed = await Promise.all(Array.from({ length: 20 }, (_, i) => sign(`name=guest+${i}&words=%3Cb%3E${i}%3C/b%3E`)));
    expect(new Set(signed.map(({ status }) => status))).toEqual(new Set([303]));
    const lines = (await readFile(join(book.folder, "var/guestbook.jsonl"), "utf8")).trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name).sort()).toEqual(
      Array.from({ length: 20 }, (_, i) => `guest ${i}`).sort(),
    );
    expect(await (await fetch(`${book.url}/`)).text()).toContain("<b>guest 7</b>: &lt;b&gt;7&lt;/b&gt;");
  });

  test.each([
    ["name=&words=x", 400],
    ["name=x", 400],
    [`name=x&words=${"y".repeat(10_001)}`, 413],
  ])("refuses what it cannot keep (%#)", async (body, status) => {
    expect((await sign(body)).status).toBe(status);
  });

  test("has no other pages", async () => {
    expect((await fetch(`${book.url}/etc/passwd`)).status).toBe(404);
  });
});
