import { createHash } from "node:crypto";
import { settingsOf } from "../../../../node/sessions/middleware/settings";
import { withSessions } from "../../../../node/sessions/middleware/with-sessions";
import { RunningProgram } from "./running-program";

let program: RunningProgram;
const handles = async (handle: (req: any, res: any) => void): Promise<void> => {
  program = new RunningProgram();
  const middleware = withSessions(settingsOf({}, ["keyboard cat"], program.sessions));
  await program.listen((req, res) => middleware(req, res, (error) => (error ? res.writeHead(500).end() : handle(req, res))));
};
afterEach(() => program.stop());

test("a program on node:http alone has sessions", async () => {
  await handles((req, res) => {
    req.session.visits = (req.session.visits ?? 0) + 1;
    res.writeHead(200, { "Content-Type": "text/plain" });
    res.end(String(req.session.visits));
  });
  expect((await program.get("/")).text).toBe("1");
  const second = await program.get("/");
  expect([second.text, second.headers["content-type"], second.cookies.length]).toEqual(["2", "text/plain", 1]);
});

test("of a long answer not a byte is lost between a change, a pause and the next change", async () => {
  const sum = createHash("sha256");
  await handles(async (req, res) => {
    for (let round = 0; round < 20; round += 1) {
      req.session.round = round;
      const chunk = Buffer.alloc(30_000, round);
      sum.update(chunk);
      if (!res.write(chunk)) await new Promise((resolve) => res.once("drain", resolve));
    }
    res.end();
  });
  const answer = await program.get("/");
  expect(createHash("sha256").update(Buffer.from(answer.text)).digest("hex")).toBe(sum.digest("hex"));
  expect(program.sessions.data(program.id)).toEqual({ round: 19 });
});
