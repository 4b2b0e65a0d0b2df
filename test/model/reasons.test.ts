import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { FolderModelStore } from '../../src/adapters/folder/folder-model-store.ts';
import { openExplainer } from '../../src/app/models/open-explainer.ts';
import type { CommunityPolicy } from '../../src/core/decision-policy.ts';
import { adjustments, type Explanation, explanationSchema, type Span } from '../../src/core/explanation.ts';
import { featureFamilies } from '../../src/core/model-manifest.ts';
import { locateCounts } from '../../src/explain/located-counts.ts';
import { FeatureCounts } from '../../src/text/feature-counts.ts';
import { Featurizer } from '../../src/text/featurizer.ts';
import { loadModel } from '../../workers/loaded-model.ts';
import { fuzzedMessages } from './fuzzed-messages.ts';

const home = fileURLToPath(new URL('../../native-models/default', import.meta.url));
const messages = fileURLToPath(new URL('../../native-models/messages', import.meta.url));
const [version = ''] = await readdir(home);
const local = await new FolderModelStore(home).fetch(version);
const model = await loadModel(local);
const explainer = await openExplainer(local);
afterAll(() => model.session.release());

const limits = model.manifest.thresholds;
const exact = { exactScores: 'all', keepBaseModels: true } as const;

/** The scorer's own score, by the graphs. */
async function scored(text: string, thresholds: CommunityPolicy, language?: string) {
  const { probability, members, window } = await model.session.evaluate(
    [{ text, language, thresholds }],
    exact,
  );
  const p = probability[0]!;
  return { probability: p, logOdds: Math.log(p / (1 - p)), members: Array.from(members), window: window[0]! };
}

function sumOf({ prior, terms }: Explanation): number {
  return terms.reduce((sum, { contribution }) => sum + contribution, prior);
}

const words = fc.constantFrom(
  ...'win a free prize now click claim your cash bonus urgent bank account dear friend see you at dinner tomorrow'.split(
    ' ',
  ),
  ...'Gewinn sofort Konto bestätigen kostenlos wir sehen uns morgen im Garten und essen Kuchen'.split(' '),
  'https://prize-claim.top/login',
  'https://wikipedia.org/wiki/Tea',
  '£500',
  '+44 7700 900123',
  'Fr\u200bee',
  '\uff23\uff21\uff33\uff28',
  'w1nn3r',
  'p r i z e',
  'zzyqx',
  '<!-- win a free prize now, claim your cash bonus -->',
  '||free cash prize||',
  '😀',
);
const spam = 'WINNER! Claim your free cash prize now, click https://prize-claim.top/win to get £500 at once';
const harmless = 'We took the slow train and looked at the hills for two hours. ';
const texts = fc.oneof(
  fc
    .tuple(fc.nat(6), fc.nat(6), words)
    .map(([before, after, more]) => `${harmless.repeat(before)}${spam} ${more} ${harmless.repeat(after)}`),
  words.map((more) => `${spam} ${more} <!-- ${harmless.repeat(6)} -->`),
  fc.array(words, { maxLength: 12 }).map((each) => each.join(' ')),
  fc.array(words, { minLength: 20, maxLength: 120 }).map((each) => each.join(' ')),
  fc.constantFrom(...fuzzedMessages(400, 11).map(({ message }) => message)),
);
const policies: fc.Arbitrary<CommunityPolicy> = fc.record({
  rejectMin: fc.constant(limits.rejectMin),
  rejectMax: fc.constantFrom(limits.rejectMax, 0.9),
  bias: fc.constantFrom(0, 1.25, -2),
});

describe('an explanation', () => {
  it('the terms of an explanation add up to the log-odds of the score that the graphs give, for any message and policy', async () => {
    const met = new Set<string>();
    await fc.assert(
      fc.asyncProperty(texts, policies, async (text, policy) => {
        const { logOdds, probability, members } = await scored(text, policy);
        const explanation = explainer.explain(text, policy)!;
        expect(Math.abs(sumOf(explanation) - logOdds)).toBeLessThan(1e-4);
        expect(Math.abs(explanation.logOdds - logOdds)).toBeLessThan(1e-4);
        expect(Math.abs(explanation.probability - probability)).toBeLessThan(1e-5);
        for (const { feature, kind } of explanation.terms) if (kind === 'adjustment') met.add(feature);
        met.add(explanation.part?.kind ?? 'whole');
        if (explanation.part !== null) return;
        for (const [i, { score }] of explanation.baseModels.entries())
          if (score !== null && Number.isFinite(members[i])) expect(score).toBeCloseTo(members[i]!, 5);
      }),
      { numRuns: 1_500, seed: 3 },
    );
    // Each way in which a score comes about was among them.
    expect([...met].sort()).toEqual([...Object.values(adjustments), 'visible', 'whole', 'window'].sort());
  });

  it('an explanation divides the contributions of base models among their features, and the same sum among the words of the message', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { terms, baseModels, highlights, ...rest } = explainer.explain(text, limits)!;
        explanationSchema.parse({ terms, baseModels, highlights, ...rest });
        const features = terms.filter(({ kind }) => kind === 'feature');
        const sum = (each: readonly { readonly contribution: number }[]) =>
          each.reduce((total, { contribution }) => total + contribution, 0);
        expect(sum(features)).toBeCloseTo(sum(baseModels), 8);
        const located = features.filter(({ spans }) =>
          spans.some(({ start, end }) => text.slice(start, end).trim() !== ''),
        );
        expect(sum(highlights)).toBeCloseTo(sum(located), 8);
        for (const { start, end } of [...features.flatMap(({ spans }) => spans), ...highlights]) {
          expect(start).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('an explanation of a message without a known feature consists of the prior, and has no reasons', () => {
    const { probability, terms, part } = explainer.explain('', limits)!;
    expect(probability).toBeCloseTo(model.manifest.prior, 9);
    expect(terms.map(({ feature }) => feature)).toEqual([adjustments.unknown]);
    expect(part).toBeNull();
  });

  it('an explanation points to words as they were sent, and lists what was deobfuscated', () => {
    const text = 'Hello, claim your fr\u200bee \uff23\uff21\uff33\uff28 pr\u0456ze at once';
    const { terms, deobfuscated } = explainer.explain(text, limits)!;
    const found = (name: string) =>
      terms.find(({ feature }) => feature === name)!.spans.map(({ start, end }) => text.slice(start, end));
    expect(found('w:free')).toEqual(['fr\u200bee']);
    expect(found('w:cash')).toEqual(['\uff23\uff21\uff33\uff28']);
    expect(found('w:prize')).toEqual(['pr\u0456ze']);
    expect(
      deobfuscated.map(({ from, to, kind, codePoints }) => [from, to, kind, codePoints.join(' ')]),
    ).toEqual([
      ['\u200b', '', 'invisible', 'U+200B'],
      ['\uff23\uff21\uff33\uff28', 'CASH', 'styled', 'U+FF23 U+FF21 U+FF33 U+FF28'],
      ['\u0456', 'i', 'look-alike', 'U+0456'],
    ]);
    for (const { start, end, from } of deobfuscated) expect(text.slice(start, end)).toBe(from);
  });

  it('an explanation of a message whose score comes from a part points into that part', async () => {
    const padding = harmless.repeat(4);
    const text = `${padding}${spam} ${padding}`;
    const { part, terms } = explainer.explain(text, limits)!;
    expect(part!.kind).toBe('window');
    const from = text.indexOf(spam);
    expect(part!.start).toBeGreaterThanOrEqual(from - padding.length);
    for (const { spans } of terms)
      for (const { start, end } of spans) {
        expect(start).toBeGreaterThanOrEqual(part!.start);
        expect(end).toBeLessThanOrEqual(part!.end);
      }
    const { feature, spans } = terms.find((term) => term.spans.length > 0 && term.contribution > 0)!;
    expect([feature, spam.includes(text.slice(spans[0]!.start, spans[0]!.end))]).toEqual([feature, true]);
  });
});

describe('located counts', () => {
  it('features that are counted with their positions are the same as those counted for scoring', () => {
    const featurizer = new Featurizer({
      languages: model.manifest.languages,
      ownDomains: model.manifest.own_domains,
    });
    const counted = new FeatureCounts();
    const listed = ({ size, ids, counts }: { size: number; ids: Int32Array; counts: Float32Array }) =>
      Array.from({ length: size }, (_, i) => `${ids[i]} ${counts[i]}`).sort();
    fc.assert(
      fc.property(texts, (text) => {
        for (const family of featureFamilies) {
          const vocabulary = model.vocabularies[family];
          featurizer.count(featurizer.prepare(text), family, vocabulary, counted);
          const { prepared, trace } = featurizer.prepareTraced(text);
          const located = locateCounts(featurizer, prepared, family, vocabulary, trace);
          expect(listed(located)).toEqual(listed(counted));
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

/** A few hundred messages of both classes and two languages. */
async function sampleTexts(): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const name of ['en-spam', 'en-ham', 'de-spam', 'de-ham']) {
    const lines = (await readFile(`${messages}/${name}.jsonl`, 'utf8')).trimEnd().split('\n');
    for (let i = 0; i < lines.length; i += 20) texts.push((JSON.parse(lines[i]!) as { text: string }).text);
  }
  return texts;
}

interface Reason {
  readonly contribution: number;
  readonly spans: readonly Span[];
}

/** Takes the reason's text out of each message, and counts the scores that do not move the other way. */
async function countExceptions(reasonOf: (explanation: Explanation) => Reason | undefined) {
  let tried = 0;
  let exceptions = 0;
  for (const text of await sampleTexts()) {
    const before = explainer.explain(text, limits)!;
    const reason = reasonOf(before);
    if (reason === undefined) continue;
    const left = [...reason.spans]
      .sort((a, b) => b.start - a.start)
      .reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
    const { logOdds } = await scored(left, limits);
    tried++;
    if ((before.logOdds - logOdds) * reason.contribution <= 0) exceptions++;
  }
  return { tried, exceptions };
}

describe('the strongest reason', () => {
  // A feature of a link shares its text with the link's other features, which may point the other way.
  it('removing the text of the strongest feature moves the score in the stated direction for 19 of 20 messages', async () => {
    const { tried, exceptions } = await countExceptions(({ terms }) =>
      terms.find(({ spans }) => spans.length > 0),
    );
    expect(tried).toBeGreaterThan(300);
    expect(exceptions).toBeLessThanOrEqual(0.05 * tried);
  });

  it('removing the word with the largest contribution moves the score in the stated direction for 12 of 13 messages', async () => {
    const { tried, exceptions } = await countExceptions(({ highlights }) => {
      const [strongest] = [...highlights].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
      return strongest && { contribution: strongest.contribution, spans: [strongest] };
    });
    expect(tried).toBeGreaterThan(300);
    expect(exceptions).toBeLessThanOrEqual(tried / 13);
  });
});
