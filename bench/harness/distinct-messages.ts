import { createHash } from 'node:crypto';
import { type SampleMessage, sampleMessages } from '../../src/training/sample-messages.ts';
import { testingKey } from '../../src/training/testing-part.ts';

/** Templates run dry: of 10,000 synthetic messages 4,300 are distinct. Joined ones are not in short supply. */
const POOL = 20_000;
const SEED = 1;
const SPAM = 0.1;

/**
 * So many labeled messages of which no two are duplicates to `sluice train`: two synthetic ones of the same class and language, one
 * after the other, with a few words of their own.
 */
export function* distinctMessages(count: number): Generator<Pick<SampleMessage, 'message' | 'label'>> {
  const pools = new Map<string, string[]>();
  const order: { readonly label: SampleMessage['label']; readonly pool: readonly string[] }[] = [];
  for (const { message, label, language } of sampleMessages({ count: POOL, spam: SPAM, seed: SEED })) {
    const key = `${label} ${language}`;
    const pool = pools.get(key) ?? [];
    pools.set(key, pool);
    pool.push(message);
    order.push({ label, pool });
  }
  const seen = new Set<string>();
  for (let at = 0; seen.size < count; at++) {
    const { label, pool } = order[at % order.length]!;
    const bytes = createHash('sha256').update(`${SEED} ${at}`).digest();
    const pick = (place: number) => pool[bytes.readUInt32LE(place) % pool.length]!;
    const message = `${pick(0)} ${pick(4)} ${wordOf(bytes, 8)} ${wordOf(bytes, 13)}`;
    const key = createHash('sha256').update(testingKey(message)).digest('base64');
    if (seen.has(key)) continue;
    seen.add(key);
    yield { message, label };
  }
}

const SYLLABLES = ['ba', 'de', 'fi', 'go', 'hu', 'ka', 'le', 'mi', 'no', 'pu', 'ra', 'se', 'ti', 'vo', 'zu'];

/** A word of two to four syllables: short ones come again and again, long ones are new. */
function wordOf(bytes: Buffer, place: number): string {
  const length = 2 + (bytes[place]! % 3);
  return Array.from({ length }, (_, at) => SYLLABLES[bytes[place + 1 + at]! % SYLLABLES.length]).join('');
}
