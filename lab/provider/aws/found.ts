/** The one thing that was asked for; an error named like AWS's own when it is not there. */
export function found<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  const error = new Error(`${what} does not exist`);
  error.name = "NotFound";
  throw error;
}

/** What AWS always answers, though the SDK's types leave it open. */
export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`AWS's answer has no ${what}`);
  return value;
}
