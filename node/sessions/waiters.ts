/** Those who wait for one thing, each with a limit of its own. */
export class Waiters {
  readonly #waiting = new Set<(happened: boolean) => void>();

  /** True when it happened, false at the limit. */
  wait(limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (happened: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve(happened);
      };
      const timer = setTimeout(() => done(false), Math.max(0, limitMs));
      this.#waiting.add(done);
    });
  }

  release(happened: boolean): void {
    for (const done of [...this.#waiting]) done(happened);
  }
}
