import { featureFamilies } from '../../src/core/model-manifest.ts';
import { CharacterScan, MAX_LENGTH } from '../../src/text/character-scan.ts';
import { deobfuscate } from '../../src/text/deobfuscate.ts';
import { FeatureCounts } from '../../src/text/feature-counts.ts';
import type { Featurizer } from '../../src/text/featurizer.ts';
import { HINT_LINK } from '../../src/text/hints.ts';
import type { Vocabulary } from '../../src/text/vocabulary.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';
import { plainEnglish, searchCostlyTexts, type TextGenerator, textKinds } from '../harness/costly-texts.ts';
import type { Goal, ReportTable } from '../report/bench-report.ts';

/** What features are made with. */
export interface FeatureMaker {
  readonly featurizer: Featurizer;
  readonly vocabularies: Readonly<Record<(typeof featureFamilies)[number], Vocabulary>>;
}

export interface TextCostOptions {
  /** UTF-16 code units of the texts; as many as are read of one where left out. */
  readonly units?: number;
  /** Rounds over all kinds; each text is another one of its kind, and the cheapest counts. */
  readonly rounds?: number;
  /** Recipes that the searches try, together. */
  readonly tries?: number;
  readonly seed?: number;
}

export interface TextCost {
  readonly name: string;
  /** Whether a search put it together. */
  readonly isFound: boolean;
  /** UTF-8 bytes of one text. */
  readonly bytes: number;
  /** CPU time of its features, the lowest and the median of the rounds. */
  readonly milliseconds: number;
  readonly medianMilliseconds: number;
  /** CPU time a byte, to that of plain English. */
  readonly perByte: number;
  /** CPU time a code unit, to that of plain English. */
  readonly perUnit: number;
  /** CPU time of deobfuscation alone a byte, to that of all features of plain English. */
  readonly deobfuscationPerByte: number;
}

/** So long are the texts that the searches measure; those that they end with are measured in full. */
const SEARCHED_UNITS = 4_000;
/** Of each search. */
const CONFIRMED = 6;
const SHOWN = 20;

/**
 * CPU time of the features (preparing, counting words and grams) of texts and of their deobfuscation alone, by kind and of the costliest
 * that three searches found: features by the byte and by the code unit, deobfuscation by the byte. The costliest come first. By turns in one process, so that ratios mean something on a machine that does
 * other things.
 */
export function measureTextCost(maker: FeatureMaker, options: TextCostOptions = {}): readonly TextCost[] {
  const { units = MAX_LENGTH, rounds = 7, tries = 3_000, seed = 1 } = options;
  const meter = new CostMeter(maker);
  for (let warm = 0; warm < 4; warm++)
    for (const [, generate] of textKinds)
      meter.milliseconds(generate(MAX_LENGTH / 4, new SeededRandom(warm)));
  const random = new SeededRandom(seed);
  const search = (cost: (text: string) => number) => {
    const costOf = (generate: TextGenerator) =>
      Math.min(...[1, 2, 3].map(() => cost(generate(SEARCHED_UNITS, random))));
    return searchCostlyTexts({ tries: Math.ceil(tries / 3), random, costOf }).slice(0, CONFIRMED);
  };
  const found = [
    ...search((text) => meter.milliseconds(text) / Buffer.byteLength(text)),
    ...search((text) => meter.milliseconds(text) / text.length),
    ...search((text) => meter.deobfuscation(text) / Buffer.byteLength(text)),
  ];
  const measured = [
    ...textKinds.map(([name, generate]) => new Measured(name, false, generate)),
    ...found.map(({ recipe, generate }) => new Measured(recipe, true, generate)),
  ];
  const reference = new Measured('', false, plainEnglish[1]);
  for (let round = 0; round < rounds; round++)
    for (const each of measured) {
      reference.add(meter, units, random);
      each.add(meter, units, random);
    }
  return measured
    .map((each) => each.comparedWith(reference))
    .sort((one, other) => other.perByte - one.perByte);
}

/** The costliest of what `measureTextCost` returned, and plain English. */
export function textCostTable(costs: readonly TextCost[]): ReportTable {
  const shown = costs.filter(({ name }, i) => i < SHOWN || name === plainEnglish[0]);
  return {
    title: 'CPU time of the features of 20,000 UTF-16 code units, by kind of text and as found by search',
    columns: [
      'text',
      'ms, lowest',
      'ms, median',
      'per byte, to plain English',
      'per code unit',
      'deobfuscation, per byte',
    ],
    rows: shown.map((cost) => [
      cost.isFound ? `search: ${inCell(cost.name)}` : cost.name,
      cost.milliseconds.toFixed(1),
      cost.medianMilliseconds.toFixed(1),
      cost.perByte.toFixed(1),
      cost.perUnit.toFixed(1),
      cost.deobfuscationPerByte.toFixed(1),
    ]),
  };
}

/** The goals for any text, as the costliest of `costs` meets them. */
export function textCostGoals(costs: readonly TextCost[]): readonly Goal[] {
  const deobfuscation = Math.max(...costs.map((cost) => cost.deobfuscationPerByte));
  const perByte = Math.max(...costs.map((cost) => cost.perByte));
  const milliseconds = Math.max(...costs.map((cost) => cost.milliseconds));
  return [
    {
      goal: `deobfuscation of any text costs at most ${MOST_DEOBFUSCATION} × what all features of plain English cost a byte`,
      measured: `${deobfuscation.toFixed(1)} ×`,
      met: deobfuscation <= MOST_DEOBFUSCATION,
    },
    {
      goal: `features of any text cost at most ${MOST_PER_BYTE} × what plain English costs a byte`,
      measured: `${perByte.toFixed(1)} ×`,
      met: perByte <= MOST_PER_BYTE,
    },
    {
      goal: `features of any text of 20,000 UTF-16 code units take at most ${MOST_MILLISECONDS} ms`,
      measured: `${milliseconds.toFixed(1)} ms`,
      met: milliseconds <= MOST_MILLISECONDS,
    },
  ];
}

export const MOST_DEOBFUSCATION = 6;
/** Words that are seen for the first time, and links of such words, cost most; plain English consists of words that are remembered. */
export const MOST_PER_BYTE = 10;
export const MOST_MILLISECONDS = 20;

/** What would end or hide a cell of a Markdown table. */
function inCell(text: string): string {
  const visible = text.replace(
    /[\p{C}\p{M}\p{Z}|`\\]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return `\`${visible.replaceAll('\\u{20}', ' ')}\``;
}

class Measured {
  bytes = 0;
  #deobfuscation = Number.POSITIVE_INFINITY;
  readonly #times: number[] = [];
  readonly #name: string;
  readonly #isFound: boolean;
  readonly #generate: TextGenerator;

  constructor(name: string, isFound: boolean, generate: TextGenerator) {
    this.#name = name;
    this.#isFound = isFound;
    this.#generate = generate;
  }

  get lowest(): number {
    return Math.min(...this.#times);
  }

  add(meter: CostMeter, units: number, random: SeededRandom): void {
    const text = this.#generate(units, random);
    this.bytes = Buffer.byteLength(text);
    this.#times.push(meter.milliseconds(text));
    // Of another text: the words of this one are remembered by now.
    this.#deobfuscation = Math.min(this.#deobfuscation, meter.deobfuscation(this.#generate(units, random)));
  }

  comparedWith(reference: Measured): TextCost {
    const times = [...this.#times].sort((a, b) => a - b);
    const perUnit = times[0]! / reference.lowest;
    return {
      name: this.#name,
      isFound: this.#isFound,
      bytes: this.bytes,
      milliseconds: times[0]!,
      medianMilliseconds: times[times.length >> 1]!,
      perByte: (perUnit * reference.bytes) / this.bytes,
      perUnit,
      deobfuscationPerByte: ((this.#deobfuscation / reference.lowest) * reference.bytes) / this.bytes,
    };
  }
}

class CostMeter {
  readonly #maker: FeatureMaker;
  readonly #counted = new FeatureCounts();
  readonly #scan = new CharacterScan();

  constructor(maker: FeatureMaker) {
    this.#maker = maker;
  }

  /** CPU time of the process for the features of the text. */
  milliseconds(text: string): number {
    const { featurizer, vocabularies } = this.#maker;
    const begin = process.cpuUsage();
    const prepared = featurizer.prepare(text);
    for (const family of featureFamilies)
      featurizer.count(prepared, family, vocabularies[family], this.#counted);
    return sinceThen(begin);
  }

  /** CPU time of the process for undoing obfuscation, as preparing a text does. */
  deobfuscation(text: string): number {
    const scan = this.#scan;
    const begin = process.cpuUsage();
    scan.load(text, text);
    if ((scan.hints & ~HINT_LINK) === 0) scan.listWords();
    if ((scan.hints & ~HINT_LINK) !== 0) deobfuscate(text, scan);
    return sinceThen(begin);
  }
}

function sinceThen(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}
