export type Callback = (error?: unknown) => void;

/** For who gave a callback: `self`, as express-session answers. For others: the promise, which nobody needs to look at. */
export function settling<T>(self: T, work: Promise<void>, callback: Callback | undefined): Promise<void> | T {
  if (callback === undefined) {
    // Who does not wait learns of the failure when the response is due: the change is still unsaved then.
    work.catch(() => undefined);
    return work;
  }
  // Out of the promise: what the callback throws is the program's own exception.
  work.then(
    () => process.nextTick(callback),
    (error: unknown) => process.nextTick(callback, error),
  );
  return self;
}
