/** What the messages of a bench are. */
export const duplicateMixes = ['mixed', 'one template', 'one text'] as const;
export type DuplicateMix = (typeof duplicateMixes)[number];

/** A message, and a message before it that it was made from; -1 for none. */
export interface DuplicateMessage {
  readonly text: string;
  readonly of: number;
}

/** Words of everyday messages, the most frequent first. */
const everyday =
  `the to a and I you is it in of for on that have with at be this not are was so my we can will but just do if what your
  from all me get up out how no when about they time go there good know see one like now or going think today come some more
  tomorrow back really would need want let well here home work still week who right been has had were never always maybe
  soon later evening morning night weekend dinner lunch coffee train bus car bike street garden kitchen meeting office
  school teacher class music concert film book story game match ticket friend brother sister mother father weather rain
  sunshine snow winter summer holiday beach mountain river forest dog cat bird photo phone message question answer idea
  problem project team plan money shop market bread cheese apple soup pizza birthday party present letter parcel window
  door table chair lamp paper color green yellow purple quiet funny tired happy early late quick slow heavy light`.split(
    /\s+/,
  );

const onsets = 'b br c ch cl d dr f fl g gr h j k l m n p pl qu r s sh sl st t th tr v w z'.split(' ');
const vowels = 'a e i o u ai ea ee oa ou'.split(' ');
const codas = ['', '', 'n', 'r', 'l', 's', 't', 'm', 'nd', 'st', 'rk'];
const NAMES = 30_000;

/** Of a mixed table: the rest are messages of their own. */
const shares = { template: 0.15, copy: 0.05, rewritten: 0.03, near: 0.07 };
/** Rows of which one belongs to a new template. */
const ROWS_PER_TEMPLATE = 2000;
const SEED = 20_261_130;

/**
 * Synthetic messages of some 95 characters by their index, the same for the same index: everyday words and rarer, synthetic ones. `mixed`:
 * 70 % that have only words in common, 15 % variants of templates with up to five other words of twenty, 7 % messages with
 * one to three other words than an earlier one, 5 % copies and 3 % copies in other capitals and signs. `one template`: variants of
 * one template, with up to four other words of twenty. `one text`: copies.
 */
export class DuplicateMessages {
  readonly #mix: DuplicateMix;
  readonly #rows: number;
  readonly #lastOf = new Map<number, number>();

  constructor(mix: DuplicateMix, rows: number) {
    this.#mix = mix;
    this.#rows = rows;
  }

  /** In ascending order of `index`. */
  at(index: number): DuplicateMessage {
    if (this.#mix === 'one text') return { text: own(0), of: index - 1 };
    const random = new Random(index, 1);
    if (this.#mix === 'one template') return { text: variantOf(0, random.below(5), random), of: index - 1 };
    const drawn = random.next();
    if (index < 10 || drawn >= shares.template + shares.copy + shares.rewritten + shares.near)
      return { text: own(index), of: -1 };
    if (drawn < shares.template) {
      const template = random.below(Math.ceil(this.#rows / ROWS_PER_TEMPLATE));
      const of = this.#lastOf.get(template) ?? -1;
      this.#lastOf.set(template, index);
      return { text: variantOf(-1 - template, random.below(6), random), of };
    }
    const of = this.#ownBefore(index, random);
    if (drawn < shares.template + shares.copy) return { text: own(of), of };
    if (drawn < shares.template + shares.copy + shares.rewritten)
      return { text: rewritten(own(of), random), of };
    return { text: changed(own(of), 1 + random.below(3), random), of };
  }

  /** An earlier message that was made from no other. */
  #ownBefore(index: number, random: Random): number {
    for (;;) {
      const of = random.below(index);
      const drawn = new Random(of, 1).next();
      if (of < 10 || drawn >= shares.template + shares.copy + shares.rewritten + shares.near) return of;
    }
  }
}

/** sfc32 (C. Doty-Humphrey): with 128 bits of state, ten million sequences have no part in common. */
class Random {
  #a: number;
  #b: number;
  #c = SEED;
  #count = 1;

  constructor(index: number, use: number) {
    this.#a = index;
    this.#b = use;
    for (let i = 0; i < 12; i++) this.next();
  }

  /** In [0, 1). */
  next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
}

function own(index: number): string {
  const random = new Random(index, 2);
  return wordsOf(8 + random.below(22), random).join(' ');
}

function variantOf(template: number, changes: number, random: Random): string {
  return changed(wordsOf(20, new Random(template, 3)).join(' '), changes, random);
}

function changed(text: string, changes: number, random: Random): string {
  const words = text.split(' ');
  for (let i = 0; i < changes; i++) words[random.below(words.length)] = word(random);
  return words.join(' ');
}

function rewritten(text: string, random: Random): string {
  return random.next() < 0.5 ? `${text.toUpperCase()}!!` : `${text.replaceAll(' ', '  ')}...`;
}

function wordsOf(count: number, random: Random): string[] {
  return Array.from({ length: count }, () => word(random));
}

/** Seven of ten are everyday words, of which the first are drawn most. */
function word(random: Random): string {
  if (random.next() < 0.7) return everyday[Math.floor(everyday.length * random.next() ** 2)]!;
  return names[random.below(NAMES)]!;
}

const names = Array.from({ length: NAMES }, (_, i) => {
  const random = new Random(i, 4);
  const syllable = () =>
    onsets[random.below(onsets.length)]! +
    vowels[random.below(vowels.length)]! +
    codas[random.below(codas.length)]!;
  return syllable() + syllable();
});
