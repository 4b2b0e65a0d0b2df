import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { searchCostlyTexts, type TextGenerator, textKinds } from '../../../bench/harness/costly-texts.ts';
import { featureFamilies } from '../../../src/core/model-manifest.ts';
import { CharacterScan } from '../../../src/text/character-scan.ts';
import { cutToLength, deobfuscate } from '../../../src/text/deobfuscate.ts';
import { FeatureCounts } from '../../../src/text/feature-counts.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';
import { LEAST_WORK, WORK_PER_BYTE, Work, workFor } from '../../../src/text/work.ts';
import { SeededRandom } from '../../../src/training/seeded-random.ts';
import { messageTexts } from './message-texts.ts';

const scan = new CharacterScan();
const featurizer = new Featurizer({ languages: ['en', 'de'], ownDomains: [] });
const vocabulary = Vocabulary.fromNames(['w:money', 'b:free money', 'g:mone']);
const counts = new FeatureCounts();
/** Work and code units in all for each byte of a message. */
const MOST_UNITS = 72;

function undo(text: string, work: Work) {
  const given = cutToLength(text);
  scan.load(given, given);
  return deobfuscate(given, scan, null, false, work);
}

/** Features as a scoring thread makes them. */
function featurize(text: string): void {
  const prepared = featurizer.prepare(text);
  for (const family of featureFamilies) featurizer.count(prepared, family, vocabulary, counts);
}

/**
 * Code units that were handed to regular expressions and to the string functions that look at all of them, while it stands in their
 * place.
 */
class UnitCounter {
  units = 0;
  readonly #put: (() => void)[] = [];

  constructor() {
    this.#watch(RegExp.prototype, 'exec', (_self, [text]) => String(text).length);
    for (const name of [
      'normalize',
      'toLowerCase',
      'toUpperCase',
      'codePointAt',
      'includes',
      'split',
    ] as const)
      this.#watch(String.prototype, name, (self) => String(self).length);
    for (const name of ['slice', 'substring'] as const)
      this.#watch(String.prototype, name, (_self, _arguments, result) => String(result).length);
    for (const name of ['startsWith', 'endsWith'] as const)
      this.#watch(String.prototype, name, (_self, [text]) => String(text).length);
  }

  restore(): void {
    for (const put of this.#put) put();
  }

  #watch<T extends object>(
    owner: T,
    name: keyof T & string,
    unitsOf: (self: unknown, given: readonly unknown[], result: unknown) => number,
  ): void {
    const real = owner[name] as (...given: unknown[]) => unknown;
    const add = (units: number) => {
      this.units += units;
    };
    const watched = function (this: unknown, ...given: unknown[]): unknown {
      const result = real.apply(this, given);
      add(unitsOf(this, given, result));
      return result;
    };
    Object.defineProperty(owner, name, { configurable: true, writable: true, value: watched });
    this.#put.push(() =>
      Object.defineProperty(owner, name, { configurable: true, writable: true, value: real }),
    );
  }
}

describe('the work of undoing obfuscation', () => {
  it('the work of deobfuscation never exceeds its limit, and gives the same text as unlimited work if the limit is not reached', () => {
    const limits = fc.oneof(fc.nat(2000), fc.nat(200_000));
    fc.assert(
      fc.property(messageTexts, fc.integer({ min: 1, max: 200 }), limits, (piece, times, limit) => {
        const text = piece.repeat(times);
        const work = new Work(limit);
        const found = undo(text, work);
        expect(work.spent).toBeLessThanOrEqual(limit);
        expect(found.isExhausted).toBe(work.isExhausted);
        const unlimited = new Work();
        const whole = undo(text, unlimited);
        if (found.isExhausted) expect(unlimited.spent > limit || unlimited.isExhausted).toBe(true);
        else expect(found).toEqual(whole);
      }),
      { numRuns: 1500 },
    );
  });

  it('the work of deobfuscation is limited by the bytes of a message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const bytes = new TextEncoder().encode(text).length;
        expect(workFor(text).limit - LEAST_WORK).toBeLessThanOrEqual(WORK_PER_BYTE * bytes);
        expect(workFor(text).limit - LEAST_WORK).toBeGreaterThanOrEqual((WORK_PER_BYTE * bytes * 2) / 3);
      }),
    );
  });

  it('the work of deobfuscation grows in proportion to the length of a text', () => {
    const spent = (text: string) => {
      const work = new Work();
      undo(text, work);
      return work.spent;
    };
    const kinds = fc.constantFrom(...textKinds).map(([, generate]) => generate(1_000, new SeededRandom(3)));
    const pieces = fc
      .tuple(messageTexts, fc.integer({ min: 5, max: 20 }))
      .map(([text, times]) => text.repeat(times));
    fc.assert(
      fc.property(fc.oneof(kinds, pieces), (text) => {
        // Where one ends and the next begins, something else may come of both, and bring one more round; one character may become eighteen.
        const units = Math.max(text.length, text.normalize('NFKC').length);
        expect(spent(text.repeat(8))).toBeLessThanOrEqual(10 * spent(text) + 60 * units);
      }),
      { numRuns: 600 },
    );
  });

  it('the work of deobfuscation stays below its limit for messages as people obfuscate them, up to the length of an SMS', () => {
    for (const [name, generate] of textKinds) {
      const text = generate(160, new SeededRandom(2));
      expect(featurizer.prepare(text).isExhausted, name).toBe(false);
    }
  });

  it('the work of undoing obfuscation is not exhausted by an honest mail with quotes, signatures, numbers, prices and links', () => {
    const mail = [
      'Re: [club-list] tickets & trains (was: Saturday?)',
      'On Thu, 12 Sep 2002 at 18:41 +0200, Jo wrote:',
      '> > Does anybody know whether the 7.45 train still runs on bank holidays???',
      '> It does - see http://rail.example.org/times/sat.html (table 4b), $12.50 one way.',
      'I said "maybe", didn\'t I? ;-) The P.S. of last week\'s mail has the rest:',
      '  * bring 2 forms (A4!) + the receipt [no. 0815/4711]',
      '  * my p.c. runs v2.4.18-rc1 (i686) with 128MB, eth0 at 10.0.0.1:8080 & $HOME on hda1',
      '  * call 555-0142 / ext. 7, or write to jo@club.example.org',
      '_______________________________________________',
      'a 1 b 2 c 3 e.g. A. B. Smith, 2 x 3 mm @ $5',
    ].join('\n');
    for (const times of [1, 2])
      expect(featurizer.prepare(`${mail}\n`.repeat(times)).isExhausted, `${times} mails`).toBe(false);
  });

  it('the work of deobfuscation is given up, and the message marked, if the last round still changed something', () => {
    // Each round reads one sign, and there are six.
    expect(undo(`${'$'.repeat(6)}zat you`, new Work())).toMatchObject({
      text: 'sssssszat you',
      isExhausted: false,
    });
    expect(undo(`${'$'.repeat(9)}zat you`, new Work())).toMatchObject({
      text: '$$$sssssszat you',
      isExhausted: true,
    });
  });
});

describe('texts that a search over generators found', () => {
  let counter: UnitCounter;
  beforeEach(() => {
    counter = new UnitCounter();
  });
  afterEach(() => counter.restore());

  const UNITS = 4_000;
  const random = new SeededRandom(20_261_129);

  /** Units that are looked at, for each byte of a text: counted, so that the answer is the same on each machine. */
  function unitsPerByte(generate: TextGenerator): number {
    const text = generate(UNITS, random);
    counter.units = 0;
    featurize(text);
    const { units } = counter;
    const work = workFor(text);
    undo(text, work);
    return (work.spent + units) / Buffer.byteLength(text);
  }

  it(`texts that a search finds need work for at most ${MOST_UNITS} code units per byte, like all known kinds`, () => {
    for (const [name, generate] of textKinds) expect(unitsPerByte(generate), name).toBeLessThan(MOST_UNITS);
    const found = searchCostlyTexts({ tries: 800, random, costOf: unitsPerByte });
    for (const { recipe, cost } of found) expect(cost, recipe).toBeLessThan(MOST_UNITS);
  });
});
