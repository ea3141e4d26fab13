import { Recent } from "../../../../node/sessions/middleware/recent";

test("what is used stays, what is not used is forgotten, and the weight is bounded", () => {
  const recent = new Recent<number, string>(100, () => 1);
  for (let key = 0; key < 1000; key += 1) {
    recent.set(key, `value ${key}`);
    expect(recent.get(0)).toBe("value 0");
  }
  const kept = Array.from({ length: 1000 }, (_, key) => key).filter((key) => recent.get(key) !== undefined);
  expect(kept.length).toBeLessThanOrEqual(100);
  expect(kept).toEqual(expect.arrayContaining([0, 999, 998, 975]));
});

test("what is heavier than all is kept by nobody, and what is half of it alone", () => {
  const recent = new Recent<string, boolean>(10, (key) => key.length);
  recent.set("abcdef", true);
  expect(recent.get("abcdef")).toBe(true);
  recent.set("ghijkl", true);
  expect([recent.get("ghijkl"), recent.get("abcdef")]).toEqual([true, undefined]);
});
