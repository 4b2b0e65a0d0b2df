import { SluiceError } from '../core/errors.ts';
import { type FeatureFamily, featureFamilies } from '../core/model-manifest.ts';
import { Vocabulary } from './vocabulary.ts';

/** The features of one family; a feature's id is its place. */
export interface VocabularySection {
  readonly names: readonly string[];
  /** Signed strength towards spam of one occurrence in an otherwise equal message; for explanations only. */
  readonly strengths: Float32Array;
}

export type VocabularyFile = Readonly<Record<FeatureFamily, VocabularySection>>;

const HEADER = 'sluice-vocabulary 1';
/** What would break a line or a column, and the escape itself. Lone surrogates do not survive UTF-8. */
const UNSAFE = /[\\\p{Cc}\u2028\u2029]|\p{Surrogate}/gu;

/**
 * The vocabulary of a model as text: a header; then per family a line `family count` and `count` lines
 * `name TAB strength`, in the order of the ids. In names, control characters, backslashes and lone surrogates are
 * written as `\uXXXX`.
 */
export function formatVocabulary(vocabulary: VocabularyFile): string {
  const lines = [HEADER];
  for (const family of featureFamilies) {
    const { names, strengths } = vocabulary[family];
    lines.push(`${family} ${names.length}`);
    for (let id = 0; id < names.length; id++) {
      lines.push(`${escapeName(names[id]!)}\t${Number(strengths[id]!.toPrecision(4))}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** What scoring needs of a vocabulary file: look-up by hash, and strengths by id. Throws `MODEL_CORRUPT`. */
export function readVocabularyFile(text: string): {
  readonly vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>;
  readonly strengths: Readonly<Record<FeatureFamily, Float32Array>>;
} {
  const { words, grams } = parseVocabulary(text);
  return {
    vocabularies: { words: Vocabulary.fromNames(words.names), grams: Vocabulary.fromNames(grams.names) },
    strengths: { words: words.strengths, grams: grams.strengths },
  };
}

/** Reads what {@link formatVocabulary} wrote. Throws `MODEL_CORRUPT` for anything else. */
export function parseVocabulary(text: string): VocabularyFile {
  const lines = text.split('\n');
  if (lines[0] !== HEADER) throw corrupt(1, `expected "${HEADER}"`);
  let at = 1;
  const readSection = (family: FeatureFamily): VocabularySection => {
    const [name, count] = (lines[at] ?? '').split(' ');
    const size = Number(count);
    if (name !== family || !Number.isSafeInteger(size) || size < 0)
      throw corrupt(at + 1, `expected "${family} COUNT"`);
    if (at + size >= lines.length)
      throw corrupt(lines.length, `the file ends within the features of ${family}`);
    const names = new Array<string>(size);
    const strengths = new Float32Array(size);
    for (let id = 0; id < size; id++) {
      const line = lines[++at]!;
      const tab = line.indexOf('\t');
      const strength = tab < 1 ? Number.NaN : Number(line.slice(tab + 1));
      if (!Number.isFinite(strength)) throw corrupt(at + 1, 'expected "NAME<TAB>STRENGTH"');
      names[id] = unescapeName(line.slice(0, tab));
      strengths[id] = strength;
    }
    at++;
    return { names, strengths };
  };
  const words = readSection('words');
  const grams = readSection('grams');
  if (lines[at] !== '' || at !== lines.length - 1) throw corrupt(at + 1, 'expected the end of the file');
  return { words, grams };
}

function escapeName(name: string): string {
  return name.replace(UNSAFE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function unescapeName(name: string): string {
  if (!name.includes('\\')) return name;
  return name.replace(/\\u([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function corrupt(line: number, what: string): SluiceError {
  return new SluiceError(
    'MODEL_CORRUPT',
    `The vocabulary file is damaged at line ${line}: ${what}. Fetch or train the model again.`,
  );
}
