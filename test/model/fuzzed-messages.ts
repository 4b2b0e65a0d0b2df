import { sampleMessages } from '../../src/training/sample-messages.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';

/** First and last code points of ranges that have given trouble: each text takes from few of them. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0x61, 0x7a],
  [0x30, 0x39],
  [0x00, 0x1f],
  [0xa0, 0xff],
  [0x100, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x4ff],
  [0x590, 0x6ff],
  [0x900, 0x97f],
  [0x1e00, 0x1eff],
  [0x2000, 0x206f],
  [0x20a0, 0x20bf],
  [0x2100, 0x214f],
  [0x2460, 0x24ff],
  [0x3040, 0x30ff],
  [0x3300, 0x33ff],
  [0x4e00, 0x4eff],
  [0xac00, 0xacff],
  [0xd800, 0xdfff],
  [0xfb00, 0xfb4f],
  [0xfdf0, 0xfdff],
  [0xfe00, 0xfe0f],
  [0xff01, 0xff5e],
  [0x1d400, 0x1d7ff],
  [0x1f1e6, 0x1f1ff],
  [0x1f300, 0x1f64f],
  [0xe0020, 0xe007f],
];

/** Synthetic messages, random Unicode, and messages with random Unicode put in; the same for the same seed. */
export function fuzzedMessages(count: number, seed: number): { message: string; language?: string }[] {
  const random = new SeededRandom(seed);
  const samples = [...sampleMessages({ count, spam: 0.5, seed, obfuscated: 0.3 })];
  return samples.map(({ message, language }) => {
    const kind = random.below(4);
    if (kind === 0) return { message: randomText(random, 1 + random.below(120)) };
    if (kind === 1) {
      const at = random.below(message.length);
      return {
        message: message.slice(0, at) + randomText(random, 1 + random.below(6)) + message.slice(at),
        language,
      };
    }
    if (kind === 2)
      return {
        message: message.repeat(1 + random.below(20)),
        language: random.pick(['fr', language, 'de-AT']),
      };
    return { message, language };
  });
}

function randomText(random: SeededRandom, length: number): string {
  const ranges = [random.pick(RANGES), random.pick(RANGES), RANGES[0]!];
  let text = '';
  for (let i = 0; i < length; i++) {
    const [first, last] = random.pick(ranges);
    text += random.next() < 0.1 ? ' ' : String.fromCodePoint(first + random.below(last - first + 1));
  }
  return text;
}
