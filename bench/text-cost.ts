import { featureFamilies } from '../src/core/model-manifest.ts';
import { MAX_LENGTH } from '../src/text/character-scan.ts';
import { FeatureCounts } from '../src/text/feature-counts.ts';
import type { Featurizer } from '../src/text/featurizer.ts';
import type { Vocabulary } from '../src/text/vocabulary.ts';
import { SeededRandom } from '../src/training/seeded-random.ts';
import { plainEnglish, searchCostlyTexts, type TextGenerator, textKinds } from './costly-texts.ts';

/** What features are made with. */
export interface FeatureMaker {
  readonly featurizer: Featurizer;
  readonly vocabularies: Readonly<Record<(typeof featureFamilies)[number], Vocabulary>>;
}

export interface TextCostOptions {
  /** Rounds over all kinds; each text is another one of its kind, and the cheapest counts. */
  readonly rounds?: number;
  /** Recipes that the search tries. */
  readonly tries?: number;
  readonly seed?: number;
}

export interface TextCost {
  readonly name: string;
  readonly isFound: boolean;
  /** UTF-8 bytes of a text of 20,000 code units. */
  readonly bytes: number;
  /** CPU time of its features, the lowest and the median of the rounds. */
  readonly milliseconds: number;
  readonly medianMilliseconds: number;
  /** CPU time a byte, to that of plain English. */
  readonly perByte: number;
  /** CPU time a code unit, to that of plain English. */
  readonly perUnit: number;
}

/** So long are the texts that the search measures; those that it ends with are measured in full. */
const SEARCHED_UNITS = 4_000;
const CONFIRMED = 8;

/**
 * CPU time of the features (preparing, counting words and grams) of texts as long as they are read, by kind and of the costliest that
 * a search found; the costliest come first. By turns in one process, so that ratios mean something on a machine that does other things.
 */
export function measureTextCost(maker: FeatureMaker, options: TextCostOptions = {}): readonly TextCost[] {
  const { rounds = 7, tries = 1_500, seed = 1 } = options;
  const meter = new CostMeter(maker);
  const plain = plainEnglish[1];
  for (let warm = 0; warm < 3; warm++)
    for (const [, generate] of textKinds)
      meter.milliseconds(generate(MAX_LENGTH / 4, new SeededRandom(warm)));
  const random = new SeededRandom(seed);
  const found = searchCostlyTexts({
    tries,
    random,
    costOf: (generate) => {
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 3; i++)
        least = Math.min(least, meter.milliseconds(generate(SEARCHED_UNITS, random)));
      return least;
    },
  });
  const measured = [
    ...textKinds.map(([name, generate]) => new Measured(name, false, generate)),
    ...found.slice(0, CONFIRMED).map(({ recipe, generate }) => new Measured(recipe, true, generate)),
  ];
  const reference = new Measured('', false, plain);
  for (let round = 0; round < rounds; round++)
    for (const each of measured) {
      reference.add(meter, MAX_LENGTH, random);
      each.add(meter, MAX_LENGTH, random);
    }
  return measured
    .map((each) => each.comparedWith(reference))
    .sort((one, other) => other.milliseconds - one.milliseconds);
}

class Measured {
  bytes = 0;
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
    };
  }
}

class CostMeter {
  readonly #maker: FeatureMaker;
  readonly #counted = new FeatureCounts();

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
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  }
}
