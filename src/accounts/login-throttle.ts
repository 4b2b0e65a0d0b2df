/** So many failures at once, and one more after each `secondsForOne`. */
interface Allowance {
  readonly failures: number;
  readonly secondsForOne: number;
}

/** An office may share one address. */
const ofAddress: Allowance = { failures: 20, secondsForOne: 15 };
const ofName: Allowance = { failures: 10, secondsForOne: 60 };
/** From an address that has logged in with this name before. */
const ofKnownPair: Allowance = { failures: 10, secondsForOne: 30 };
/** Of each kind; above it the oldest is forgotten. */
const MAX_BUCKETS = 20_000;

interface Bucket {
  /** Seconds: by when all failures are forgotten, if none is added. */
  clearAt: number;
}

/** One attempt that was let through. */
export interface Attempt {
  /** It was right: costs nothing, and the address is known for the name from now on. */
  succeeded(): void;
  /** It was neither right nor wrong: costs nothing. */
  withdrawn(): void;
}

/**
 * How often somebody may be wrong: by address, and by name from all addresses together, so that neither many names nor many
 * addresses make guessing quick. Nobody is locked out: an attempt waits for seconds, and an address from which a name has logged in
 * before has an allowance of its own, which attempts from elsewhere do not use up. Each process counts for itself.
 */
export class LoginThrottle {
  readonly #elapsed: () => number;
  readonly #buckets = new Map<string, Bucket>();
  readonly #knownPairs = new Set<string>();

  /** `elapsed`: seconds on a clock that never goes back. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Takes an attempt from each allowance at once, or says after how many seconds there is one. `nameKey`: none for a link. */
  begin(client: string, nameKey?: string): Attempt | { readonly retryAfterSeconds: number } {
    const pair = nameKey === undefined ? undefined : JSON.stringify([client, nameKey]);
    const counted: (readonly [string, Allowance])[] = [[`address ${client}`, ofAddress]];
    if (pair !== undefined)
      counted.push(this.#knownPairs.has(pair) ? [`pair ${pair}`, ofKnownPair] : [`name ${nameKey}`, ofName]);
    const buckets = counted.map(([key, allowance]) => ({ bucket: this.#bucket(key), allowance }));
    const now = this.#elapsed();
    const waits = buckets.map(
      ({ bucket, allowance: { failures, secondsForOne } }) =>
        bucket.clearAt - now - (failures - 1) * secondsForOne,
    );
    const longest = Math.max(...waits);
    if (longest > 0) return { retryAfterSeconds: Math.ceil(longest) };
    for (const { bucket, allowance } of buckets)
      bucket.clearAt = Math.max(bucket.clearAt, now) + allowance.secondsForOne;
    const withdrawn = () => {
      for (const { bucket, allowance } of buckets) bucket.clearAt -= allowance.secondsForOne;
    };
    return {
      withdrawn,
      succeeded: () => {
        withdrawn();
        if (pair !== undefined) this.#remember(pair);
      },
    };
  }

  #bucket(key: string): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    const bucket = { clearAt: 0 };
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MAX_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value!);
    return bucket;
  }

  #remember(pair: string): void {
    this.#knownPairs.add(pair);
    if (this.#knownPairs.size > MAX_BUCKETS) this.#knownPairs.delete(this.#knownPairs.keys().next().value!);
  }
}
