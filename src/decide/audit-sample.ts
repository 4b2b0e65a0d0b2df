import type { AuditPolicy, AuditRates } from '../core/audit.ts';
import { type VerdictName, verdictNames } from '../core/verdict.ts';
import { SipHash } from './sip-hash.ts';

/** No byte of UTF-8, so that no two pairs of community and message id are the same bytes. */
const BETWEEN = 0xff;

/** Where community and message id are among bytes: UTF-8, without escapes. */
export interface IdentityIn {
  readonly bytes: Uint8Array;
  readonly communityStart: number;
  readonly communityEnd: number;
  readonly idStart: number;
  readonly idEnd: number;
}

const encoder = new TextEncoder();

/**
 * Draws the audit sample. Each message has a number from a keyed hash of its community and id, and is drawn where that is below the rate
 * of its community and band: the same message always or never, in all processes with the key, and every message that a lower rate draws
 * is drawn by a higher one too. Without the key nobody can know which messages are drawn, also not from those that were drawn before.
 */
export class AuditSample {
  readonly #policy: AuditPolicy;
  readonly #hash: SipHash;
  /** The highest rate of any community and band. */
  readonly #highest: number;
  #identity = new Uint8Array(256);

  constructor(policy: AuditPolicy) {
    this.#policy = policy;
    this.#hash = new SipHash(policy.key);
    this.#highest = Math.max(...[policy, ...Object.values(policy.communities)].flatMap(ratesOf));
  }

  /** The message's number, 0 ≤ number < 1, evenly spread over messages. */
  numberOf({ bytes, communityStart, communityEnd, idStart, idEnd }: IdentityIn): number {
    const length = communityEnd - communityStart + 1 + idEnd - idStart;
    if (length > this.#identity.length) this.#identity = new Uint8Array(2 * length);
    const identity = this.#identity;
    let to = 0;
    for (let at = communityStart; at < communityEnd; at++) identity[to++] = bytes[at]!;
    identity[to++] = BETWEEN;
    for (let at = idStart; at < idEnd; at++) identity[to++] = bytes[at]!;
    const hash = this.#hash;
    hash.hash(identity, length);
    // 53 bits, as many as a double has.
    return (hash.high >>> 0) * 2 ** -32 + (hash.low >>> 11) * 2 ** -53;
  }

  /** The same for texts. */
  numberOfText({
    community,
    message_id,
  }: {
    readonly community: string;
    readonly message_id: string;
  }): number {
    const first = encoder.encode(community);
    const second = encoder.encode(message_id);
    const bytes = new Uint8Array(first.length + second.length);
    bytes.set(first);
    bytes.set(second, first.length);
    const middle = first.length;
    return this.numberOf({
      ...{ bytes, communityStart: 0, communityEnd: middle },
      ...{ idStart: middle, idEnd: bytes.length },
    });
  }

  /** Whether a message with this number is drawn in some band of some community: of others nothing more has to be known. */
  mayBeDrawn(number: number): boolean {
    return number < this.#highest;
  }

  /** The probability with which a message of the community and the band is drawn. */
  rateOf(community: string, band: VerdictName): number {
    const { communities } = this.#policy;
    return rateIn(Object.hasOwn(communities, community) ? communities[community]! : this.#policy, band);
  }
}

function rateIn({ rate, bands }: AuditRates, band: VerdictName): number {
  return bands?.[band] ?? rate;
}

function ratesOf(rates: AuditRates): readonly number[] {
  return verdictNames.map((band) => rateIn(rates, band));
}
