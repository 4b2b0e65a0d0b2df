import { writeFileSync } from 'node:fs';
import { openData } from '../../src/app/open/open-data.ts';
import { packageRoot } from '../../src/app/package-root.ts';
import { allPairsOf, wordsOf } from '../../src/text/similarity/campaign-words.ts';
import { keyOfWord, WORD_SHARE } from '../../src/text/similarity/everyday-pairs.ts';
import { EverydaySketch } from '../../src/text/similarity/everyday-sketch.ts';

const FILE = 'src/text/similarity/everyday-pairs-data.ts';
/** All of it. */
const CHAT = 'corpus:chitchat:300000';
const OWN = 'corpus:own';
/** A pair of fewer messages may be a matter of one conversation. */
const FEWEST_OF_CHAT = 12;
const FEWEST_OF_OWN = 2;

interface Counts {
  messages: number;
  readonly pairs: Map<number, number>;
  readonly words: Map<number, number>;
}

/**
 * `npm run bench -- everyday-pairs`: counts words and pairs of words of everyday chat, and writes the sketch by which
 * everyday phrases are kept out of campaigns. A change of it needs another `CAMPAIGN_VERSION`.
 */
export async function everydayPairsCommand(): Promise<number> {
  const sketch = new EverydaySketch();
  const [chat, own] = await openData([CHAT, OWN]);
  for (const [set, fewest] of [
    [chat!, FEWEST_OF_CHAT],
    [own!, FEWEST_OF_OWN],
  ] as const) {
    const counts = new Map<string, Counts>();
    for await (const { text, label, language = '' } of set.read()) {
      if (label !== 'ham') continue;
      const of = counts.get(language) ?? { messages: 0, pairs: new Map(), words: new Map() };
      counts.set(language, of);
      of.messages++;
      const words = wordsOf(text);
      for (const pair of allPairsOf(words).keys()) of.pairs.set(pair, (of.pairs.get(pair) ?? 0) + 1);
      for (const word of new Set(words)) of.words.set(word, (of.words.get(word) ?? 0) + 1);
    }
    for (const [language, { messages, pairs, words }] of counts) {
      // Of few messages, two that share something are hardly a share of all.
      const shareOf = (count: number) => (count - (set === own ? 1 : 0)) / Math.max(messages, 2000);
      let [addedPairs, addedWords] = [0, 0];
      for (const [pair, count] of pairs)
        if (count >= fewest) {
          sketch.add(pair, shareOf(count));
          addedPairs++;
        }
      for (const [word, count] of words)
        if (shareOf(count) >= WORD_SHARE) {
          sketch.add(keyOfWord(word), shareOf(count));
          addedWords++;
        }
      process.stderr.write(
        `${set.name} ${language}: ${messages} messages, ${addedPairs} pairs, ${addedWords} words\n`,
      );
    }
  }
  const text = Buffer.from(sketch.bytes).toString('base64');
  writeFileSync(
    `${packageRoot()}/${FILE}`,
    `/** Written by \`npm run bench -- everyday-pairs\`: an {@link EverydaySketch} in base64. */\nexport const everydayPairs =\n  '${text}';\n`,
  );
  process.stderr.write(
    `${FILE}: ${text.length} characters, ${(sketch.used * 100).toFixed(1)} % of the counters used\n`,
  );
  return 0;
}
