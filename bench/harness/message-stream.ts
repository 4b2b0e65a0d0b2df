import { openData } from '../../src/app/open/open-data.ts';
import type { Label, LabelledMessage } from '../../src/ports/labelled-messages.ts';
import { sampleMessages } from '../../src/training/sample-messages.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';
import { isForTesting } from '../../src/training/testing-part.ts';

/** A message has at most so many characters, as an SMS has. */
const LONGEST = 160;
const SPAM_SHARE = 0.1;
const SEED = 1;
const MADE_UP_SPAM = 4_000;
const CHITCHAT = 'corpus:chitchat:258145';

/** Texts of one kind, and how large a share of their class they are. */
interface Part {
  readonly share: number;
  readonly texts: readonly string[];
}

/** Texts to draw from, all of them kept back from training. */
export interface StreamTexts {
  /** What they are, for the table. */
  readonly source: string;
  readonly ham: readonly Part[];
  readonly spam: readonly Part[];
}

/**
 * The texts of the testing parts of `data` (files or corpora, as `sluice evaluate` takes them). Without `data`: what registries
 * ship, mixed so that the lengths are those of SMS. Ham: lines of chats between people, and one in six a piece of a mail; spam: the
 * beginning of a mail, or made up. What is longer than 160 characters is cut between words.
 */
export async function streamTexts(data: readonly string[]): Promise<StreamTexts> {
  if (data.length > 0) {
    const messages = await testingPart(data);
    const of = (label: Label) => [{ share: 1, texts: distinct(messages, label, 1) }];
    return { source: `testing part of ${data.map(nameOf).join(', ')}`, ham: of('ham'), spam: of('spam') };
  }
  const mails = await testingPart(['corpus:spam-assassin']);
  const chats = await testingPart([CHITCHAT]);
  const madeUp = new Set<string>();
  for (const { message } of sampleMessages({ count: MADE_UP_SPAM, spam: 1, seed: SEED }))
    madeUp.add(cut(message, 1)[0]!);
  return {
    source: 'testing parts of chitchat and SpamAssassin, synthetic spam',
    ham: [
      { share: 5 / 6, texts: distinct(chats, 'ham', 1) },
      { share: 1 / 6, texts: distinct(mails, 'ham', 8) },
    ],
    spam: [
      { share: 1 / 2, texts: distinct(mails, 'spam', 1) },
      { share: 1 / 2, texts: [...madeUp] },
    ],
  };
}

/** Messages drawn from texts: the same for the same texts, one in ten spam, without end. */
export class MessageStream {
  readonly texts: StreamTexts;
  readonly #random = new SeededRandom(SEED);
  readonly #ham: Decks;
  readonly #spam: Decks;
  readonly #seen = new Set<string>();
  #characters = 0;
  #count = 0;

  constructor(texts: StreamTexts) {
    this.texts = texts;
    this.#ham = new Decks(texts.ham, this.#random);
    this.#spam = new Decks(texts.spam, this.#random);
  }

  /** The message's JSON as a line, with its newline; ids are distinct. */
  next(): string {
    const text = this.#random.next() < SPAM_SHARE ? this.#spam.draw() : this.#ham.draw();
    this.#seen.add(text);
    this.#characters += text.length;
    return `${JSON.stringify({ message: text, message_id: `bench-${this.#count++}`, community: 'bench' })}\n`;
  }

  /** Of what was drawn so far, for the table. */
  describe(): string {
    const mean = (this.#characters / Math.max(1, this.#count)).toFixed(0);
    const number = new Intl.NumberFormat('en').format;
    return `${this.texts.source}; ${number(this.#count)} messages, ${number(this.#seen.size)} different texts, ${mean} characters on average, 10 % spam`;
  }
}

/** Draws a kind by its share, and then a text of it. */
class Decks {
  readonly #decks: readonly { readonly share: number; readonly deck: Deck }[];
  readonly #random: SeededRandom;

  constructor(parts: readonly Part[], random: SeededRandom) {
    this.#decks = parts.map(({ share, texts }) => ({ share, deck: new Deck(texts, random) }));
    this.#random = random;
  }

  draw(): string {
    let left = this.#random.next();
    const found = this.#decks.find(({ share }) => {
      left -= share;
      return left < 0;
    });
    return (found ?? this.#decks.at(-1)!).deck.draw();
  }
}

/** Draws without putting back until all were drawn, so that the same text comes as late again as it can. */
class Deck {
  readonly #texts: string[];
  readonly #random: SeededRandom;
  #left = 0;

  constructor(texts: readonly string[], random: SeededRandom) {
    if (texts.length === 0) throw new RangeError('the data has no message of one class in its testing part');
    this.#texts = [...texts];
    this.#random = random;
  }

  draw(): string {
    const texts = this.#texts;
    if (this.#left === 0) this.#left = texts.length;
    const at = this.#random.below(this.#left--);
    const drawn = texts[at]!;
    texts[at] = texts[this.#left]!;
    texts[this.#left] = drawn;
    return drawn;
  }
}

async function testingPart(data: readonly string[]): Promise<LabelledMessage[]> {
  const messages: LabelledMessage[] = [];
  for (const set of await openData(data))
    for await (const message of set.read()) if (isForTesting(message)) messages.push(message);
  return messages;
}

function distinct(messages: readonly LabelledMessage[], label: Label, pieces: number): string[] {
  const texts = new Set<string>();
  for (const message of messages)
    if (message.label === label) for (const piece of cut(message.text, pieces)) texts.add(piece);
  return [...texts];
}

/** The first pieces of a text, each as long as a message may be. */
function cut(text: string, most: number): string[] {
  const found: string[] = [];
  let rest = text.replace(/\s+/g, ' ').trim();
  while (rest !== '' && found.length < most) {
    let end = rest.length;
    if (end > LONGEST) {
      const space = rest.lastIndexOf(' ', LONGEST);
      end = space > LONGEST / 2 ? space : LONGEST;
      // Not between the halves of a pair.
      if (/[\uD800-\uDBFF]/.test(rest.charAt(end - 1))) end--;
    }
    found.push(rest.slice(0, end));
    rest = rest.slice(end).trim();
  }
  return found;
}

function nameOf(spec: string): string {
  return spec.replace(/^.*[/\\]/, '').replace(/^corpus:/, '');
}
