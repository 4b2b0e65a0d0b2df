import { createHash } from 'node:crypto';
import { SluiceError } from '../core/errors.ts';
import type { LabelledMessage, LabelledMessages } from '../ports/labelled-messages.ts';
import { MAX_LENGTH } from '../text/character-scan.ts';
import { isForTesting, testingKey } from './testing-part.ts';

export interface CollectedMessage extends LabelledMessage {
  /** Place of its data set in {@link CollectedMessages.sources}. */
  readonly source: number;
  readonly forTesting: boolean;
  /** Weight in training, on average within its data set that of the set. */
  readonly weight: number;
  /** Nobody decided its label. It only adds to what base models learn. */
  readonly isWeak?: true;
}

export interface CollectedMessages {
  readonly sources: readonly string[];
  readonly messages: readonly CollectedMessage[];
  readonly duplicates: number;
}

export type Unweighed = Omit<CollectedMessage, 'weight'>;

/** A language of which few messages of one class are there must not let each of them shout. */
const HEAVIEST = 3;

/**
 * Reads all data sets in the order given; of messages with the same testing key only the first is kept. Throws `DATA_INVALID`
 * for a message over the cap, and where, in all, a class is missing.
 */
export async function collectMessages(
  data: readonly LabelledMessages[],
  signal?: AbortSignal,
): Promise<CollectedMessages> {
  const seen = new Set<string>();
  const kept: Unweighed[] = [];
  let duplicates = 0;
  for (const [source, set] of data.entries()) {
    for await (const message of set.read()) {
      signal?.throwIfAborted();
      requireCap(message);
      const key = createHash('sha256').update(testingKey(message.text)).digest('base64');
      if (seen.has(key)) {
        duplicates++;
        continue;
      }
      seen.add(key);
      kept.push({ ...message, source, forTesting: isForTesting(message) });
    }
  }
  requireBothClasses(kept);
  const weightOf = (at: number) => data[kept[at]!.source]!.weight ?? 1;
  return { sources: data.map((set) => set.name), messages: weigh(kept, weightOf), duplicates };
}

/** A message that serving would refuse or cut cannot teach what it seems to say. */
export function requireCap({ origin, text }: LabelledMessage): void {
  if (text.length <= MAX_LENGTH) return;
  throw new SluiceError(
    'DATA_INVALID',
    `${origin}: the message has ${text.length} characters, and at most ${MAX_LENGTH} are read. Shorten it or leave it out.`,
  );
}

export function requireBothClasses(messages: readonly LabelledMessage[]): void {
  for (const label of ['spam', 'ham'] as const) {
    if (messages.some((message) => message.label === label)) continue;
    throw new SluiceError(
      'DATA_INVALID',
      `The data has ${messages.length} different messages and none of them is ${label}. Add data of that class.`,
    );
  }
}

/**
 * Within a data set, a language's share of spam is made the data set's share, so that the language itself states nothing
 * (reweighing after Kamiran & Calders): P(language) · P(label) / P(language, label). `weightOf`: what a message counts for beside that, by its
 * index.
 */
export function weigh(messages: readonly Unweighed[], weightOf: (at: number) => number): CollectedMessage[] {
  const counts = new Map<string, number>();
  const add = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  const keys = messages.map(({ source, language = '', label }) => ({
    all: `${source}`,
    language: `${source} ${language}`,
    label: `${source} / ${label}`,
    both: `${source} ${language} / ${label}`,
  }));
  for (const key of keys) for (const one of new Set(Object.values(key))) add(one);
  return messages.map((message, at) => {
    const key = keys[at]!;
    const expected = (counts.get(key.language)! * counts.get(key.label)!) / counts.get(key.all)!;
    return { ...message, weight: weightOf(at) * Math.min(HEAVIEST, expected / counts.get(key.both)!) };
  });
}
