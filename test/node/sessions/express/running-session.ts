import express, { type Express } from "express";
import session, { type SessionOptions } from "express-session";
import { SessionStore } from "../../../../node/sessions/express/store";
import { versions } from "../../../../node/sessions/express/versions";
import type { Sessions } from "../../../../node/sessions/model";
import { RunningProgram } from "../middleware/running-program";

/** An Express program with express-session, this project's store in it and its version middleware before it. */
export async function startWithStore(
  routes: (app: Express) => void,
  options: Partial<SessionOptions> = {},
  sessions?: Sessions,
): Promise<RunningProgram> {
  const program = new RunningProgram();
  const store = new SessionStore(sessions ?? program.sessions);
  const app = express();
  app.set("env", "test");
  app.use(versions(store, { secret: "keyboard cat", ...(options.name && { name: options.name }) }));
  app.use(session({ secret: "keyboard cat", resave: false, saveUninitialized: false, store, ...options }));
  routes(app);
  await program.listen(app);
  return program;
}
