import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { obfuscate } from '../../../../src/text/obfuscate.ts';
import { CampaignCenter } from '../../../../src/text/similarity/campaign-center.ts';
import { CampaignIndex } from '../../../../src/text/similarity/campaign-index.ts';
import { CAMPAIGN_VERSION, wordPairsOf, wordsOf } from '../../../../src/text/similarity/campaign-words.ts';
import { EverydaySketch, UNKNOWN_SHARE } from '../../../../src/text/similarity/everyday-sketch.ts';
import { SeededRandom } from '../../../../src/training/seeded-random.ts';
import { campaignsOf, decided } from './campaign-groups.ts';
import { honestMessages, templates, variantOf, waitingMessages } from './campaign-messages.ts';

const honest = honestMessages();
const variants = (template: number, count: number, seed: number) => {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => variantOf(templates[template]!, 0.3, random));
};

/** Said thousands of times a day, by people who have nothing to do with one another. */
const everyday = [
  'good morning everyone',
  'Good morning, how are you today?',
  'hi, how are you doing',
  'happy birthday to you my friend',
  'i am on my way, see you in a bit',
  'what are you doing this weekend?',
  'thank you so much, have a nice day',
  'Guten Morgen zusammen',
  'Guten Morgen, wie geht es dir?',
  'Alles Gute zum Geburtstag!',
  'ich bin gleich da',
  'was machst du heute Abend?',
  'Vielen Dank und einen schönen Tag noch',
];

describe('campaigns', () => {
  it('variants of eight templates among honest messages are cleared by at most 12 decisions with at most 0.3 % wrong labels', () => {
    const { decisions, wrongShare } = decided(waitingMessages(1000, 200), 12);
    expect(decisions).toBeLessThanOrEqual(12);
    expect(wrongShare).toBeLessThanOrEqual(0.003);
  });

  it('in whatever order they come, nearly all variants of one template are one campaign, and no honest message is with them', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(templates.length - 1), (seed, template) => {
        const random = new SeededRandom(seed);
        const texts = [
          ...variants(template, 40, seed),
          ...Array.from({ length: 20 }, () => random.pick(honest)),
        ];
        const order = texts.map((_, i) => [random.next(), i] as const).sort((a, b) => a[0] - b[0]);
        const [largest] = campaignsOf(order.map(([, i]) => texts[i]!));
        const places = largest!.map((place) => order[place]![1]);
        expect(places.filter((place) => place < 40).length).toBeGreaterThanOrEqual(38);
        expect(places.filter((place) => place >= 40)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('variants whose obfuscation differs join the campaign of the plain ones', () => {
    for (const [at, kind] of (
      ['look-alikes', 'leet', 'zero-width', 'spaced-letters', 'full-width'] as const
    ).entries()) {
      const texts = variants(at, 24, at + 1).map((text, i) =>
        i % 2 === 0 ? text : obfuscate(text, kind, new SeededRandom(i)),
      );
      expect(campaignsOf(texts)[0]!.length).toBeGreaterThanOrEqual(22);
    }
  });

  it('everyday greetings never join a campaign, however often and with whatever name they are sent', () => {
    const names = ['Anna', 'Lukas', 'Mia', 'Jonas', 'Emma', 'Paul', 'dad', 'guys', 'Schatz', 'Leute'];
    const texts = everyday.flatMap((text) =>
      names.flatMap((name) => [text, `${text} ${name}`, `${name}! ${text}`]),
    );
    const random = new SeededRandom(3);
    const spam = [0, 4].flatMap((template) => variants(template, 30, template));
    const order = [...texts, ...spam].map((text) => [random.next(), text] as const);
    const list = order.sort((a, b) => a[0] - b[0]).map(([, text]) => text);
    const groups = campaignsOf(list).map((places) => places.map((place) => list[place]!));
    expect(
      groups
        .filter((group) => group.length > 1)
        .flat()
        .filter((text) => texts.includes(text)),
    ).toEqual([]);
    expect(groups.filter((group) => group.length >= 28)).toHaveLength(2);
  });

  it('a campaign goes on where its center was written and read again', () => {
    const texts = variants(2, 30, 9);
    const first = new CampaignIndex();
    for (const text of texts.slice(0, 20)) first.add(text);
    const later = new CampaignIndex();
    for (const { id, revision, text } of first.takeChanges().changed)
      later.load(id, revision, CampaignCenter.read(text));
    expect(texts.slice(20).map((text) => later.add(text))).toEqual(
      texts.slice(20).map((text) => first.add(text)),
    );
    const [change] = later.takeChanges().changed;
    expect(change).toMatchObject({ revision: 2, members: 30, before: 20 });
  });

  it('a new campaign never gets the id of one that was', () => {
    const index = new CampaignIndex();
    index.startIdsAfter(41);
    expect(index.add(templates[0]).campaign).toBe(42);
  });

  it('two campaigns of one template become one when they have grown', () => {
    const texts = variants(6, 40, 5);
    const [one, two] = [new CampaignIndex(), new CampaignIndex()];
    for (const text of texts.slice(0, 20)) one.add(text);
    for (const text of texts.slice(20, 39)) two.add(text);
    const index = new CampaignIndex();
    for (const [first, from] of [
      [1, one],
      [1000, two],
    ] as const)
      for (const { id, text } of from.takeChanges().changed)
        index.load(first + id, 1, CampaignCenter.read(text));
    for (let i = 0; i < 20; i++) index.add(variants(6, 40, 6)[i]!);
    expect(index.takeChanges().merged.length).toBeGreaterThan(0);
    expect(index.size).toBe(1);
  });

  it('the longest run of foreign words is that of a harmless message around the template', () => {
    const center = CampaignCenter.of(wordPairsOf(templates[1]));
    for (const text of variants(1, 30, 4)) center.add(wordPairsOf(text));
    const runOf = (text: string) => center.longestForeignRun(wordsOf(text));
    expect(runOf(templates[1])).toBe(0);
    const usual = Math.max(...variants(1, 50, 8).map(runOf));
    const warning = `Has anybody else received this nonsense? Please tell your kids never to answer: ${templates[1]}`;
    expect(runOf(warning)).toBeGreaterThanOrEqual(13);
    expect(runOf(warning)).toBeGreaterThan(usual);
  });

  it('a center and the pairs of a message stay small, whatever comes', () => {
    const random = new SeededRandom(1);
    const word = () => String.fromCharCode(...Array.from({ length: 7 }, () => 97 + random.below(26)));
    const long = () => Array.from({ length: 2000 }, word).join(' ');
    const message = wordPairsOf(long());
    expect(message.pairs.length).toBe(200);
    const center = CampaignCenter.of(message);
    for (let i = 0; i < 20; i++) center.add(wordPairsOf(long()));
    expect(center.pairs.length).toBeLessThanOrEqual(600);
    expect(center.write().length).toBeLessThan(4400);
  });

  it('a message of fewer than four words belongs to no campaign, and any text is placed', () => {
    const index = new CampaignIndex();
    for (const text of ['', 'hi', 'buy now cheap', '🎉🎉 🎉', '\ud800 \0'])
      expect(index.add(text).campaign).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { campaign } = index.add(text);
        expect(campaign === null || campaign > 0).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('messages in scripts without spaces are grouped too', () => {
    const chinese = (word: string) => `恭喜您被选中获得我们的冬季奖励请立即回复${word}并提供您的银行账号信息`;
    expect(campaignsOf(['一二', '三四', '五六', '七八'].map(chinese))[0]).toHaveLength(4);
  });

  it('the pairs of a text change only with the version', () => {
    expect(CAMPAIGN_VERSION).toBe('campaign-1/similarity-1');
    expect([...wordPairsOf('Claim your winter reward').pairs]).toMatchInlineSnapshot(`
      [
        315233861,
        969612415,
        1887176111,
        1991144946,
        2490745000,
      ]
    `);
  });
});

describe('the sketch of everyday pairs', () => {
  it('returns the share that was added to a factor of two, and the share of unknown pairs for others', () => {
    const sketch = new EverydaySketch();
    const random = new SeededRandom(2);
    const added = Array.from(
      { length: 2000 },
      () => [random.below(2 ** 32), 4e-5 * 2 ** (random.next() * 8)] as const,
    );
    for (const [pair, share] of added) sketch.add(pair, share);
    for (const [pair, share] of added) expect(sketch.share(pair)).toBeGreaterThan(share / 1.5);
    const near = added.filter(([pair, share]) => sketch.share(pair) < share * 1.5).length;
    expect(near / added.length).toBeGreaterThan(0.98);
    const unknown = Array.from({ length: 2000 }, () => sketch.share(random.below(2 ** 32)));
    expect(unknown.filter((share) => share === UNKNOWN_SHARE).length).toBeGreaterThan(1950);
  });

  it('a pair below the lowest share is not added', () => {
    const sketch = new EverydaySketch();
    sketch.add(7, 1e-5);
    expect(sketch.used).toBe(0);
  });
});
