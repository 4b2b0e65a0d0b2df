import type { CollectedMessage } from './collect-messages.ts';
import { SeededRandom } from './seeded-random.ts';
import { isForWindows } from './testing-part.ts';

/** A text for fitting windows, made of messages of the training part. */
export interface WindowDocument {
  readonly text: string;
  readonly language: string | undefined;
  readonly label: 'spam' | 'ham';
  /** Documents of about the same length, or of spam with the same padding. */
  readonly kind: string;
  readonly weight: number;
}

/** At most so many messages of a data set and class, and documents of a kind. */
const MOST = 3_000;
const HAM_LENGTHS = [50, 100, 200];
const PADDINGS = [12, 50, 200];

/**
 * Messages of the training part that documents are made of: of each data set and class the first ones, and of ham only what the base
 * models have not seen the pieces of, since they would know the windows.
 */
export function documentMessages(messages: readonly CollectedMessage[]): CollectedMessage[] {
  const taken = new Map<string, number>();
  return messages.filter((message) => {
    const { forTesting, isWeak, source, label } = message;
    if (label === 'ham' && !isForWindows(message)) return false;
    const key = `${label} ${source}`;
    const count = taken.get(key) ?? 0;
    if (forTesting || isWeak || count === MOST) return false;
    taken.set(key, count + 1);
    return true;
  });
}

/**
 * Long ham: messages as they are, and those of one data set and language one after the other; and spam with ham after it. Data sets
 * weigh as in training: by the square root of their sizes. `sizes`: messages of each data set in the training part.
 */
export function windowDocuments(
  messages: readonly CollectedMessage[],
  sizes: readonly number[],
  seed: number,
): WindowDocument[] {
  const ham = messages.filter(({ label }) => label === 'ham');
  const groups = groupBy(ham, ({ source, language }) => `${source} ${language ?? ''}`);
  const documents: WindowDocument[] = [];
  for (const group of groups.values()) {
    const [{ source, language }] = group as [CollectedMessage];
    const mean = group.reduce((sum, { weight }) => sum + weight, 0) / group.length;
    const ofGroup =
      mean * Math.sqrt(sizes[source]!) * (group.length / ham.filter((m) => m.source === source).length);
    const add = (kind: string, texts: readonly string[]) => {
      const weight = ofGroup / Math.max(1, texts.length);
      for (const text of texts) documents.push({ text, language, label: 'ham', kind, weight });
    };
    add(
      'as it is',
      group.map(({ text }) => text),
    );
    for (const words of HAM_LENGTHS)
      add(
        `${words} words`,
        joined(
          group.map(({ text }) => text),
          words,
        ),
      );
  }
  const random = new SeededRandom(seed);
  const padding = ham.map(({ text }) => text);
  for (const spam of messages)
    if (spam.label === 'spam')
      for (const words of PADDINGS) {
        const at = random.below(Math.max(1, padding.length));
        const [more = ''] = joined([...padding.slice(at, at + words), ...padding.slice(0, words)], words);
        documents.push({
          text: `${spam.text} ${more}`,
          language: spam.language,
          label: 'spam',
          kind: `+ ${words} words`,
          weight: spam.weight,
        });
      }
  return documents;
}

/** Texts of so many words each, made of texts one after the other. */
function joined(texts: readonly string[], words: number): string[] {
  const found: string[] = [];
  let current: string[] = [];
  for (const text of texts) {
    current.push(...text.split(/\s+/).filter((word) => word !== ''));
    if (current.length < words) continue;
    found.push(current.slice(0, words).join(' '));
    current = [];
    if (found.length === MOST) break;
  }
  return found;
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
