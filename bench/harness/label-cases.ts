import { openData } from '../../src/app/open/open-data.ts';
import { FEATURES, LightFeatures } from '../../src/labeling/light/light-features.ts';
import { fitLogistic, marginOf } from '../../src/labeling/light/logistic-regression.ts';
import type { Label } from '../../src/ports/labelled-messages.ts';
import { textKey } from '../../src/text/similarity/text-key.ts';

/** A labeled message, of those that are left when duplicates are removed. */
export interface CaseMessage {
  readonly text: string;
  readonly label: Label;
  readonly language: string;
}

/** A set whose labels are hidden, with what a model says of its messages that has seen none of them. */
export interface LabelCase {
  readonly name: string;
  readonly messages: readonly CaseMessage[];
  /** By message: that model's probability that it is spam. */
  readonly prior: Float64Array;
  /** What that model was fitted to. */
  readonly priorOf: string;
}

interface NamedSet {
  readonly name: string;
  readonly messages: readonly CaseMessage[];
}

/** The language of the project's own messages that is tried as one that no model has seen. */
const UNSEEN = ['de'];
/** A set that shares more of its texts than this with the one under test is left out of its prior; of others, the shared texts. */
const MOST_SHARED = 0.01;
const COST = 3;
/** Longer mails are few and would be most of the work. */
const MOST_CHARACTERS = 1_000;

/**
 * One case for each file, and one for the project's own German messages with a prior that has seen no German. The prior is a light model on all
 * others of these sets and the project's own messages: no model that is shipped, since that one has seen parts of the public sets.
 */
export async function labelCases(
  files: readonly string[],
  say: (text: string) => void,
): Promise<readonly LabelCase[]> {
  const sets: NamedSet[] = [];
  for (const set of await openData([...files, 'corpus:own'])) {
    const messages: CaseMessage[] = [];
    const seen = new Set<string>();
    for await (const { text, label, language = '' } of set.read()) {
      const key = textKey(text);
      if (!seen.has(key)) messages.push({ text, label, language });
      seen.add(key);
    }
    sets.push({ name: set.name, messages });
  }
  const own = sets.at(-1)!;
  const cases: LabelCase[] = [];
  for (const set of sets.slice(0, -1)) {
    const classes = new Set(set.messages.map(({ label }) => label));
    if (classes.size < 2) continue;
    say(`${set.name}: ${set.messages.length} different messages\n`);
    cases.push(
      withPrior(
        set,
        sets.filter((other) => other !== set),
        [],
      ),
    );
  }
  for (const language of UNSEEN) {
    const messages = own.messages.filter((message) => message.language === language);
    say(`own, ${language}: ${messages.length} different messages\n`);
    cases.push(withPrior({ name: `own, ${language}, unseen`, messages }, sets, [language]));
  }
  return cases;
}

function withPrior(set: NamedSet, others: readonly NamedSet[], unseen: readonly string[]): LabelCase {
  const keys = new Set(set.messages.map(({ text }) => textKey(text)));
  const features = new LightFeatures();
  const signs: number[] = [];
  const names: string[] = [];
  for (const other of others) {
    // A class alone would shift what the model takes for usual.
    if (new Set(other.messages.map(({ label }) => label)).size < 2) continue;
    const usable = other.messages.filter(({ language }) => !unseen.includes(language));
    const fresh = usable.filter(({ text }) => !keys.has(textKey(text)));
    if (usable.length - fresh.length > MOST_SHARED * usable.length) continue;
    names.push(`${other.name} (${fresh.length})`);
    for (const { text, label } of fresh) {
      features.add(text.slice(0, MOST_CHARACTERS));
      signs.push(label === 'spam' ? 1 : -1);
    }
  }
  const spam = signs.filter((sign) => sign > 0).length;
  const weights = fitLogistic(
    features.rows,
    {
      rows: Int32Array.from(signs.keys()),
      signs: Int8Array.from(signs),
      costs: Float64Array.from(
        signs,
        (sign) => (COST * signs.length) / 2 / (sign > 0 ? spam : signs.length - spam),
      ),
    },
    { features: FEATURES, seed: 1 },
  );
  const prior = Float64Array.from(
    set.messages,
    ({ text }) => 1 / (1 + Math.exp(-marginOf(features.rowOf(text), 0, weights))),
  );
  return { name: set.name, messages: set.messages, prior, priorOf: names.join(', ') };
}
