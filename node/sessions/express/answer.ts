/** Node's way to say how something ended: no error is null. */
export type Callback<T = void> = (error: unknown, result?: T) => void;

export const ignore = (): void => undefined;

export function answer<T>(work: Promise<T>, callback: Callback<T>): void {
  work
    .then((result) => callback(null, result), callback)
    // The program's own fault, thrown by its callback: no answer of the store, and not to be swallowed.
    .catch((fault: unknown) =>
      setImmediate(() => {
        throw fault;
      }),
    );
}
