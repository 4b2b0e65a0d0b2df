import { MAX_LENGTH } from '../text/character-scan.ts';
import type { CollectedMessage, CollectedMessages } from './collect-messages.ts';
import { harmlessAddition } from './harmless-additions.ts';
import { SeededRandom } from './seeded-random.ts';
import { isForWindows } from './testing-part.ts';

/** A message made from another, for training only: its figures would say nothing. */
export interface AugmentedMessage extends CollectedMessage {
  readonly augmented: true;
}

/** Share of the messages of which a copy with a harmless addition is made, of both classes alike, so that it speaks for none. */
const ADDITION_SHARE = 0.3;
/** Share of the spam of which a copy is made with ham before or behind it. */
const PADDING_SHARE = 0.4;
/** What a copy counts for, relative to its original. */
const WEIGHT = 0.5;
/** A text that is longer doesn't change by an addition. */
const LONGEST = 600;
/** Words of ham put to a spam message. */
const FEWEST_WORDS = 3;
const MOST_WORDS = 40;

/**
 * Copies of training messages, changed in what should not matter: spam and ham with a link, a number or a price more, and spam with
 * words of ham messages of the same language around it, which is how spammers pad it. (Training on such copies as a defence: A. Kołcz,
 * C. H. Teo, "Feature weighting for improved classifier robustness", CEAS 2009, section 2, and its sources.) A copy shares the group of
 * its original, which gets one where it had none, so that both stay on one side of each split. The same messages and seed give the same.
 */
export function augmentMessages(
  collected: CollectedMessages,
  seed: number,
): { readonly collected: CollectedMessages; readonly augmented: readonly AugmentedMessage[] } {
  const random = new SeededRandom(seed + 1);
  const messages = collected.messages.map((message, row) => ({
    ...message,
    group: message.group ?? `row ${row}`,
  }));
  const ham = hamByLanguage(messages);
  const augmented: AugmentedMessage[] = [];
  const add = (original: CollectedMessage, text: string) => {
    if (text.length <= MAX_LENGTH)
      augmented.push({ ...original, text, weight: original.weight * WEIGHT, augmented: true });
  };
  for (const message of messages) {
    if (message.forTesting || message.isWeak || message.text.length > LONGEST) continue;
    if (random.next() < ADDITION_SHARE) add(message, withAddition(message.text, random));
    if (message.label === 'spam' && random.next() < PADDING_SHARE) {
      const padding = ham.get(message.language ?? '') ?? ham.get('')!;
      if (padding.length > 0) add(message, withPadding(message.text, padding, random));
    }
  }
  return { collected: { ...collected, messages }, augmented };
}

function hamByLanguage(messages: readonly CollectedMessage[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>([['', []]]);
  for (const message of messages) {
    const { label, forTesting, text, language = '' } = message;
    // What windows are fitted to must be ham in parts as well.
    if (label !== 'ham' || forTesting || text.length > LONGEST || isForWindows(message)) continue;
    const list = texts.get(language) ?? [];
    texts.set(language, list);
    list.push(text);
  }
  return texts;
}

function withAddition(text: string, random: SeededRandom): string {
  const addition = harmlessAddition(random);
  return random.next() < 0.85
    ? `${text}${random.pick([' ', ' ', ', ', '. ', '\n'])}${addition}`
    : `${addition} ${text}`;
}

function withPadding(text: string, ham: readonly string[], random: SeededRandom): string {
  const wanted = FEWEST_WORDS + random.below(MOST_WORDS - FEWEST_WORDS);
  const words: string[] = [];
  while (words.length < wanted) words.push(...random.pick(ham).split(/\s+/).filter(Boolean), '');
  const padding = words.slice(0, wanted).join(' ').trim();
  return random.next() < 0.6 ? `${text} ${padding}` : `${padding} ${text}`;
}
