/**
 * SipHash-2-4 (J.-P. Aumasson & D. Bernstein, *SipHash: a fast short-input PRF*, INDOCRYPT 2012): a keyed hash of 64 bits that nobody can
 * predict who sees hashes of other texts. 64-bit words are two halves of 32 bits, which is what JavaScript computes fast with.
 */
export class SipHash {
  readonly #k0low: number;
  readonly #k0high: number;
  readonly #k1low: number;
  readonly #k1high: number;
  #low = 0;
  #high = 0;

  /** `key`: 32 hex digits, the 16 bytes of the key in order. */
  constructor(key: string) {
    if (!/^[0-9a-f]{32}$/i.test(key)) throw new RangeError('the key of a SipHash has 32 hex digits');
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(key.slice(2 * i, 2 * i + 2), 16));
    this.#k0low = word(bytes, 0);
    this.#k0high = word(bytes, 4);
    this.#k1low = word(bytes, 8);
    this.#k1high = word(bytes, 12);
  }

  /** The lower 32 bits of the last hash. */
  get low(): number {
    return this.#low;
  }

  /** Its upper 32 bits. */
  get high(): number {
    return this.#high;
  }

  /** Hashes bytes[0 … length). */
  hash(bytes: Uint8Array, length: number): void {
    let v0l = this.#k0low ^ 0x70736575;
    let v0h = this.#k0high ^ 0x736f6d65;
    let v1l = this.#k1low ^ 0x6e646f6d;
    let v1h = this.#k1high ^ 0x646f7261;
    let v2l = this.#k0low ^ 0x6e657261;
    let v2h = this.#k0high ^ 0x6c796765;
    let v3l = this.#k1low ^ 0x79746573;
    let v3h = this.#k1high ^ 0x74656462;
    const whole = length & ~7;
    for (let at = 0; ; at += 8) {
      const isLast = at >= whole;
      // Two rounds for a block, and four more after the last one.
      let rounds = isLast ? 6 : 2;
      let ml: number;
      let mh: number;
      if (isLast) {
        ml = tail(bytes, whole, Math.min(length, whole + 4));
        mh = tail(bytes, whole + 4, length) | (length << 24);
      } else {
        ml = word(bytes, at);
        mh = word(bytes, at + 4);
      }
      v3l ^= ml;
      v3h ^= mh;
      while (rounds-- > 0) {
        // v0 += v1; v1 <<<= 13; v1 ^= v0; v0 <<<= 32
        let low = (v0l + v1l) | 0;
        let high = (v0h + v1h + carry(low, v1l)) | 0;
        let rotated = (v1l << 13) | (v1h >>> 19);
        v1h = ((v1h << 13) | (v1l >>> 19)) ^ high;
        v1l = rotated ^ low;
        v0l = high;
        v0h = low;
        // v2 += v3; v3 <<<= 16; v3 ^= v2
        v2l = (v2l + v3l) | 0;
        v2h = (v2h + v3h + carry(v2l, v3l)) | 0;
        rotated = (v3l << 16) | (v3h >>> 16);
        v3h = ((v3h << 16) | (v3l >>> 16)) ^ v2h;
        v3l = rotated ^ v2l;
        // v0 += v3; v3 <<<= 21; v3 ^= v0
        v0l = (v0l + v3l) | 0;
        v0h = (v0h + v3h + carry(v0l, v3l)) | 0;
        rotated = (v3l << 21) | (v3h >>> 11);
        v3h = ((v3h << 21) | (v3l >>> 11)) ^ v0h;
        v3l = rotated ^ v0l;
        // v2 += v1; v1 <<<= 17; v1 ^= v2; v2 <<<= 32
        low = (v2l + v1l) | 0;
        high = (v2h + v1h + carry(low, v1l)) | 0;
        rotated = (v1l << 17) | (v1h >>> 15);
        v1h = ((v1h << 17) | (v1l >>> 15)) ^ high;
        v1l = rotated ^ low;
        v2l = high;
        v2h = low;
        if (isLast && rounds === 4) {
          v0l ^= ml;
          v0h ^= mh;
          v2l ^= 0xff;
        }
      }
      if (isLast) break;
      v0l ^= ml;
      v0h ^= mh;
    }
    this.#low = v0l ^ v1l ^ v2l ^ v3l;
    this.#high = v0h ^ v1h ^ v2h ^ v3h;
  }
}

/** Of an addition of halves: 1 where the sum is below one of them, both taken as unsigned. */
function carry(sum: number, part: number): number {
  return sum >>> 0 < part >>> 0 ? 1 : 0;
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Up to four bytes, as the lower ones of a word. */
function tail(bytes: Uint8Array, from: number, to: number): number {
  let word = 0;
  for (let at = from; at < to; at++) word |= bytes[at]! << (8 * (at - from));
  return word;
}
