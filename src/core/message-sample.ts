const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
/** No byte of UTF-8, so that no two pairs of community and message id are the same bytes. */
const BETWEEN = 0xff;

/** Where texts are among bytes: UTF-8, without escapes. */
export interface IdentityBytes {
  readonly community: { readonly bytes: Uint8Array; readonly start: number; readonly end: number };
  readonly id: { readonly bytes: Uint8Array; readonly start: number; readonly end: number };
}

/**
 * Whether a message is in the sample of a share (0 … 1). The same message always gets the same answer, in every process, and a message in
 * a sample is also in every larger one. FNV-1a over community and message id, mixed as MurmurHash3 mixes its result, since FNV alone
 * leaves ids that differ in their last digit near to each other.
 */
export function isInSample({ community, id }: IdentityBytes, share: number): boolean {
  let hash = hashed(OFFSET, community.bytes, community.start, community.end);
  hash = Math.imul(hash ^ BETWEEN, PRIME);
  return mixed(hashed(hash, id.bytes, id.start, id.end)) < share * 2 ** 32;
}

const encoder = new TextEncoder();

/** The same for texts. */
export function isTextInSample(
  { community, message_id }: { readonly community: string; readonly message_id: string },
  share: number,
): boolean {
  const [first, second] = [encoder.encode(community), encoder.encode(message_id)];
  const whole = (bytes: Uint8Array) => ({ bytes, start: 0, end: bytes.length });
  return isInSample({ community: whole(first), id: whole(second) }, share);
}

function hashed(before: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = before;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, PRIME);
  return hash;
}

function mixed(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
