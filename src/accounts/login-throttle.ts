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
  left: number;
  /** Seconds. */
  at: number;
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
    const buckets = counted.map(([key, allowance]) => ({ bucket: this.#bucket(key, allowance), allowance }));
    const waits = buckets.map(({ bucket, allowance }) => (1 - bucket.left) * allowance.secondsForOne);
    const longest = Math.max(...waits);
    if (longest > 0) return { retryAfterSeconds: Math.ceil(longest) };
    for (const { bucket } of buckets) bucket.left--;
    const withdrawn = () => {
      for (const { bucket, allowance } of buckets)
        bucket.left = Math.min(allowance.failures, bucket.left + 1);
    };
    return {
      withdrawn,
      succeeded: () => {
        withdrawn();
        if (pair !== undefined) this.#remember(pair);
      },
    };
  }

  #bucket(key: string, { failures, secondsForOne }: Allowance): Bucket {
    const now = this.#elapsed();
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      known.left = Math.min(failures, known.left + (now - known.at) / secondsForOne);
      known.at = now;
      return known;
    }
    const bucket = { left: failures, at: now };
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MAX_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value!);
    return bucket;
  }

  #remember(pair: string): void {
    this.#knownPairs.add(pair);
    if (this.#knownPairs.size > MAX_BUCKETS) this.#knownPairs.delete(this.#knownPairs.keys().next().value!);
  }
}
