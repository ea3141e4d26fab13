import { CookieJar } from "../../../../lab/drills/load/cookie-jar";

const NOW = Date.parse("2026-01-01T00:00:00Z");

test("a jar keeps every cookie, the last value of each", () => {
  const jar = new CookieJar();
  expect(jar.header()).toBe("");
  jar.store(["sid=s%3Aabc.d==; Path=/; HttpOnly", "sid.v=1.n-1", "AWSALB=x; Expires=Thu, 08 Jan 2026 00:00:00 GMT"], NOW);
  jar.store(["sid.v=2.n-2; Max-Age=60"], NOW);
  expect(jar.header()).toBe("sid=s%3Aabc.d==; sid.v=2.n-2; AWSALB=x");
});

test.each(["sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "sid=x; Max-Age=0", "sid=x; max-age=-1; Expires=Thu, 08 Jan 2026 00:00:00 GMT"])(
  "a cookie that is over is gone: %s",
  (header) => {
    const jar = new CookieJar();
    jar.store(["sid=abc"], NOW);
    jar.store([header], NOW);
    expect(jar.header()).toBe("");
  },
);

test("a client that comes back by another way keeps its session", () => {
  const jar = new CookieJar();
  jar.store(["sid=abc", "AWSALB=x", "AWSALBCORS=x; SameSite=None"], NOW);
  jar.forgetNode();
  expect(jar.header()).toBe("sid=abc");
});
