/**
 * What was used lately, up to a weight. Two generations: when the newer one has half of the weight, the older one is forgotten. A look-up touches
 * less memory than one that keeps an exact order, which is what it costs when other work has used the processor's caches.
 */
export class Recent<K, V> {
  #newer = new Map<K, V>();
  #older = new Map<K, V>();
  #weight = 0;

  constructor(
    private readonly mostWeight: number,
    private readonly weightOf: (key: K) => number,
  ) {}

  get(key: K): V | undefined {
    const value = this.#newer.get(key);
    if (value !== undefined) return value;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: K, value: V): void {
    this.#newer.set(key, value);
    this.#weight += this.weightOf(key);
    if (this.#weight * 2 <= this.mostWeight) return;
    this.#older = this.#newer;
    this.#newer = new Map();
    this.#weight = 0;
  }
}
