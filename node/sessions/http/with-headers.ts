import { SessionError } from "../errors";
import { problemOf } from "./problem";

/** For Express, whose answer to an error has the error's status and headers. */
export function withHeaders(error: unknown): unknown {
  const headers = problemOf(error)?.headers;
  return error instanceof SessionError && headers ? Object.assign(error, { headers }) : error;
}
