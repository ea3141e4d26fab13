import { parseNews } from "../../../../node/sessions/news";

test("news names a session and its version", () => {
  expect(parseNews("id! 17.w-1")).toEqual({ id: "id!", version: { n: 17, write: "w-1" }, isDestroyed: false });
});

test("news tells that a session was destroyed", () => {
  expect(parseNews("id 17.w-1 d")).toEqual({ id: "id", version: { n: 17, write: "w-1" }, isDestroyed: true });
});

test.each(["", " ", "id", "id ", "id 17", " 17.w-1", "id 17.w-1 x", "id 17.w-1 d d", "a b 17.w-1"])("%j is no news", (message) => {
  expect(parseNews(message)).toBeUndefined();
});
