/** Amounts by time, summed: how much there was before a time, or up to and with it. */
export class Sums {
  readonly #times: number[];
  readonly #totals: number[];

  constructor(entries: readonly { time: number; amount: number }[]) {
    const sorted = entries.filter(({ time }) => time < Infinity).sort((a, b) => a.time - b.time);
    let total = 0;
    this.#times = sorted.map(({ time }) => time);
    this.#totals = sorted.map(({ amount }) => (total += amount));
  }

  before(time: number): number {
    return this.#at((other) => other < time);
  }

  upTo(time: number): number {
    return this.#at((other) => other <= time);
  }

  #at(counts: (time: number) => boolean): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (counts(this.#times[middle] ?? Infinity)) low = middle + 1;
      else high = middle;
    }
    return this.#totals[low - 1] ?? 0;
  }
}
