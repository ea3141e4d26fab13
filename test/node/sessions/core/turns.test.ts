import { Turns } from "../../../../node/sessions/turns";

test("work on one session waits for the work before it, also when that fails", async () => {
  const turns = new Turns();
  const order: string[] = [];
  const work =
    (name: string, fails = false) =>
    async (): Promise<string> => {
      order.push(`begin ${name}`);
      await new Promise(setImmediate);
      order.push(`end ${name}`);
      if (fails) throw new Error(name);
      return name;
    };
  const first = turns.take("s", work("1", true));
  const others = ["2", "3"].map((name) => turns.take("s", work(name)));
  await expect(first).rejects.toThrow("1");
  expect(await Promise.all(others)).toEqual(["2", "3"]);
  expect(order).toEqual(["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]);
});

test("work on different sessions goes on side by side", async () => {
  const turns = new Turns();
  const never = new Promise<never>(() => undefined);
  void turns.take("a", () => never);
  expect(await turns.take("b", async () => "done")).toBe("done");
});
