import { describe, expect, it } from 'vitest';
import type { ScoredBatch } from '../../../src/core/scored-batch.ts';
import { type CompareModels, compareModels } from '../../../src/learning/compare/compare-models.ts';
import { MostDisagreed } from '../../../src/learning/compare/disagreements.ts';
import { EverySoMany } from '../../../src/learning/compare/every-so-many.ts';
import type { HeldOutMessage } from '../../../src/learning/held-out.ts';
import type { ScoreOptions, Scorer } from '../../../src/ports/scorer.ts';

/** Says .9 to texts with one of its words, nothing to "odd", and .1 to all else. */
class WordScorer implements Scorer {
  readonly options: (ScoreOptions | undefined)[] = [];
  readonly texts: string[] = [];
  readonly #model: string;
  readonly #words: readonly string[];

  constructor(model: string, ...words: readonly string[]) {
    this.#model = model;
    this.#words = words;
  }

  async score(batch: readonly Uint8Array[], options?: ScoreOptions): Promise<ScoredBatch> {
    this.options.push(options);
    const scored = batch.map((bytes, index) => {
      const message = JSON.parse(new TextDecoder().decode(bytes));
      this.texts.push(message.message);
      const isSpam = this.#words.some((word) => message.message.includes(word));
      const probability = message.message.includes('odd') ? null : isSpam ? 0.9 : 0.1;
      return {
        ...{ index, message, probability, verdict: 'ham' as const, unscorable: false },
        ...{ probabilityMin: 0, probabilityMax: 1, reasons: [] },
      };
    });
    return { model: this.#model, scored, unreadable: [], statistics: {} as ScoredBatch['statistics'] };
  }
}

const held = (label: 'spam' | 'ham', text: string, more: Partial<HeldOutMessage> = {}): HeldOutMessage => ({
  ...{ label, text, part: 'new', source: 'test', community: 'chess' },
  ...more,
});

async function* streamOf(...messages: readonly HeldOutMessage[]): AsyncGenerator<HeldOutMessage> {
  yield* messages;
}

const optionsOf = (
  heldOut: AsyncIterable<HeldOutMessage>,
  more: Partial<CompareModels> = {},
): CompareModels => ({
  champion: new WordScorer('a', 'win'),
  challenger: new WordScorer('b', 'win', 'prize'),
  ...{ heldOut, obfuscations: [], thresholds: { rejectMin: 0.5, rejectMax: 0.7 } },
  languageOf: () => 'en',
  ...more,
});

describe('comparing two models', () => {
  it('compareModels requests exact scores of the same messages from both, and keeps part, community and language', async () => {
    const options = optionsOf(
      streamOf(
        held('spam', 'win now', { part: 'old' }),
        held('ham', 'guten Tag', { language: 'de' }),
        held('spam', 'a prize'),
      ),
    );
    const comparison = await compareModels(options);
    expect(comparison).toEqual({
      ...{ champion: 'a', challenger: 'b', thresholds: options.thresholds, obfuscated: [], unscored: 0 },
      scores: [
        { label: 'spam', part: 'old', community: 'chess', language: 'en', champion: 0.9, challenger: 0.9 },
        { label: 'ham', part: 'new', community: 'chess', language: 'de', champion: 0.1, challenger: 0.1 },
        { label: 'spam', part: 'new', community: 'chess', language: 'en', champion: 0.1, challenger: 0.9 },
      ],
    });
    for (const scorer of [options.champion, options.challenger] as WordScorer[])
      expect(scorer.options).toEqual([{ every: true, exactScores: 'all' }]);
  });

  it('compareModels counts obfuscated recall over the spam that the obfuscation changes, the same text for both', async () => {
    let calls = 0;
    const options = optionsOf(
      streamOf(
        held('spam', 'win a'),
        held('spam', 'prize b'),
        held('spam', 'other c'),
        held('spam', 'same'),
        held('ham', 'win ham'),
      ),
      {
        obfuscations: [
          { name: 'marked', obfuscate: (text) => (text === 'same' ? text : `${text} ${++calls}`) },
        ],
      },
    );
    const { obfuscated } = await compareModels(options);
    expect(obfuscated).toEqual([
      { obfuscation: 'marked', spam: 3, both: 1, championOnly: 0, challengerOnly: 1 },
    ]);
    const [before, after] = [options.champion, options.challenger] as WordScorer[];
    expect(before!.texts).toEqual(after!.texts);
    expect(before!.texts.slice(5)).toEqual(['win a 1', 'prize b 2', 'other c 3']);
  });

  it('compareModels leaves out what one of the two cannot score, and counts it', async () => {
    const comparison = await compareModels(optionsOf(streamOf(held('ham', 'odd'), held('ham', 'plain'))));
    expect(comparison.scores).toHaveLength(1);
    expect(comparison.unscored).toBe(1);
  });

  it('compareModels without a champion has no score of one, and asks about no obfuscation', async () => {
    const options = optionsOf(streamOf(held('spam', 'win')), {
      champion: null,
      obfuscations: [{ name: 'marked', obfuscate: (text) => `${text}!` }],
    });
    const comparison = await compareModels(options);
    expect(comparison).toMatchObject({ champion: null, challenger: 'b', obfuscated: [] });
    expect(comparison.scores).toMatchObject([{ champion: Number.NaN, challenger: 0.9 }]);
  });

  it('compareModels of no message knows both models', async () => {
    expect(await compareModels(optionsOf(streamOf()))).toMatchObject({
      champion: 'a',
      challenger: 'b',
      scores: [],
    });
  });

  it('compareModels stops between batches when its signal aborts', async () => {
    const abort = new AbortController();
    const many = Array.from({ length: 1500 }, (_, at) => held('ham', `message ${at}`));
    const seen: number[] = [];
    const work = compareModels(
      optionsOf(streamOf(...many), {
        signal: abort.signal,
        progress: (scored) => {
          seen.push(scored);
          abort.abort(new Error('stopped'));
        },
      }),
    );
    await expect(work).rejects.toThrow('stopped');
    expect(seen).toEqual([512]);
  });
});

describe('disagreements', () => {
  it('MostDisagreed keeps the greatest differences of a stream, and none of equal scores', () => {
    const most = new MostDisagreed(2);
    for (const [text, champion, challenger] of [
      ...(['a', 'b', 'c', 'd'].map((text) => [text, 0.5, 0.5]) as [string, number, number][]),
      ...([
        ['small', 0.5, 0.51],
        ['greatest', 0.9, 0.1],
        ['none', 0.2, 0.2],
        ['second', 0.1, 0.6],
        ['third', 0.1, 0.5],
      ] as [string, number, number][]),
    ])
      most.add(held('ham', text), {
        ...{ label: 'ham', part: 'new', community: '', language: 'en', champion, challenger },
      });
    expect(most.list().map(({ text }) => text)).toEqual(['greatest', 'second']);
  });

  it('EverySoMany is evenly spread over the stream, and the whole of a short one', () => {
    const sampleOf = (length: number) => {
      const sample = new EverySoMany<number>(10);
      for (let at = 0; at < length; at++) sample.add(at);
      return sample.chosen();
    };
    expect(sampleOf(7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const length of [10, 11, 20, 21, 25, 1000, 12_345]) {
      const chosen = sampleOf(length);
      expect(chosen).toHaveLength(10);
      const gaps = chosen.slice(1).map((value, at) => value - chosen[at]!);
      expect(Math.min(...gaps)).toBeGreaterThan(0);
      expect(Math.max(...gaps)).toBeLessThanOrEqual((2.1 * length) / 10 + 2);
      expect(chosen.at(-1)).toBeGreaterThan(length / 2);
    }
  });
});
