import { sha256Of } from './sha256.ts';

/** Where a pattern for topic names takes the community. */
export const communityPlace = '{community}';

/** Kafka takes no longer names. */
const LONGEST_TOPIC = 249;
/** In place of a community whose name does not fit: the beginning of it, this mark, and so many hex digits of its hash. */
const HASH_MARK = '_x';
const HASH_DIGITS = 32;
const HASH_LENGTH = HASH_MARK.length + HASH_DIGITS;
/** In place of the empty community, and of communities that get no topic of their own. */
const NONE = 'none';
const OTHER = 'other';
const plain = /^[A-Za-z0-9-]$/;
const encodedCommunity = `(?:[A-Za-z0-9-]|_[0-9a-f]{2}|${HASH_MARK}[0-9a-f]{${HASH_DIGITS}})+`;

/**
 * The topic of a community: no two communities share one, whatever their names are made of. Letters, digits and dashes stay
 * as they are; every other byte of the name in UTF-8 becomes `_` and two hex digits. There is never a dot in it, since Kafka
 * refuses a topic that differs from another in dots and underscores alone.
 */
export function communityTopic(pattern: string, community: string): string {
  return pattern.replaceAll(communityPlace, nameOf(community, roomFor(pattern)));
}

/** The topic of communities that get none of their own. No community has it as its own topic. */
export function fallbackTopic(pattern: string): string {
  return pattern.replaceAll(communityPlace, OTHER);
}

/** Whether a pattern leaves enough room for a community that has to be shortened. */
export function hasRoomForCommunity(pattern: string): boolean {
  return roomFor(pattern) >= HASH_LENGTH;
}

/** A test of topic names: whether one is, or could be, the topic of a community. */
export function communityTopicTest(pattern: string): (topic: string) => boolean {
  const [first, ...rest] = pattern.split(communityPlace).map((part) => part.replaceAll('.', '\\.'));
  const places = rest.map((part, i) => (i === 0 ? `(${encodedCommunity})` : '\\1') + part);
  const expression = new RegExp(`^${first}${places.join('')}$`);
  const fallback = fallbackTopic(pattern);
  return (topic) => topic !== fallback && expression.test(topic);
}

function roomFor(pattern: string): number {
  const parts = pattern.split(communityPlace);
  return Math.floor((LONGEST_TOPIC - parts.join('').length) / (parts.length - 1));
}

function nameOf(community: string, room: number): string {
  if (community === '') return NONE;
  // What is longer does not fit in any case, and may be 64 KiB.
  const encoded = encode(community.slice(0, LONGEST_TOPIC + 1));
  if (encoded.length <= room) return encoded;
  const start = encoded.slice(0, Math.max(0, room - HASH_LENGTH)).replace(/_[0-9a-f]?$/, '');
  return `${start}${HASH_MARK}${hashOf(community)}`;
}

function encode(community: string): string {
  // These two names are taken: the first letter is written as its byte.
  const taken = community === NONE || community === OTHER;
  let encoded = '';
  for (const character of community)
    encoded += plain.test(character) && !(taken && encoded === '') ? character : escaped(character);
  return encoded;
}

function escaped(character: string): string {
  const bytes = isLoneSurrogate(character) ? surrogateBytes(character) : new TextEncoder().encode(character);
  return Array.from(bytes, (byte) => `_${byte.toString(16).padStart(2, '0')}`).join('');
}

function isLoneSurrogate(character: string): boolean {
  return character.length === 1 && character >= '\ud800' && character <= '\udfff';
}

/** As UTF-8 would write it, were it allowed: the encoder gives all of them the same three bytes. */
function surrogateBytes(surrogate: string): readonly number[] {
  const unit = surrogate.charCodeAt(0);
  return [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)];
}

function hashOf(community: string): string {
  const bytes = Uint8Array.from(
    Array.from({ length: community.length }, (_, i) => community.charCodeAt(i)).flatMap((unit) => [
      unit >> 8,
      unit & 0xff,
    ]),
  );
  return sha256Of(bytes).slice(0, HASH_DIGITS);
}
