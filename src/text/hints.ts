/** Words of one letter in a row: see spaced-letters.ts. */
export const HINT_LETTERS = 1;
/** Digits or signs between letters: see leet.ts. */
export const HINT_LEET = 2;
/** A full stop that may be hidden, or a scheme: see hidden-links.ts. */
export const HINT_HIDDEN_LINK = 4;
/** Something that may be a link or a mail address: see links.ts. */
export const HINT_LINK = 8;
/** A control character. */
export const HINT_CONTROL = 16;
/** A character that is not ASCII; given by the reader, not by the automata. */
export const HINT_WIDE = 32;
/** Markup or an escaped character: see markup.ts and escapes.ts. Given by the reader where `betweenTable` has MARKED. */
export const HINT_MARKED = 64;
/** A character that stands for a Latin letter: see look-alikes.ts. Given by the reader. */
export const HINT_FOLDED = 128;
/** A character that `rearrange` looks at, in a text that is not ASCII. Given by the reader. */
export const HINT_REARRANGED = 256;
/** Words that may be read as others: see read-words.ts. Given by the reader as well. */
export const HINT_WORDS = 512;
/** In entries of `betweenTable`, where the bit has no other meaning. */
export const MARKED = 1;

/*
 * Two small automata look for what costs more to look at. A step is one look-up without a branch, because on short
 * messages wrongly predicted branches cost more than all else. A hint may be given wrongly, never left out.
 *
 * They read classes of characters: each of these letters and signs is its own class, the rest fall together.
 */
const alphabet = [
  ' ',
  'l', // any letter without a class of its own
  ...'bcdefgimnorxyz',
  't',
  '0',
  '1', // another digit that may stand for a letter
  '3',
  '9', // any other digit
  '.',
  ',',
  ':',
  '/',
  '@',
  '!', // also $
  '(', // any opening bracket
  "'",
  '\0', // control characters
  '*', // a sign that marks up, or begins what is escaped
  '?', // the rest
] as const;

const CLASS_BITS = 5;
export const CLASS_SPACE = 0;
export const CLASS_LETTER = 1;
export const CLASS_DIGIT = alphabet.indexOf('9');
export const CLASS_OTHER = alphabet.indexOf('?');

/** By ASCII code. */
export const asciiClasses: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code).toLowerCase();
  const own = (alphabet as readonly string[]).indexOf(character);
  if (own >= 0 && character !== 'l') return own;
  if (/[a-z]/.test(character)) return CLASS_LETTER;
  if (/[1457]/.test(character)) return alphabet.indexOf('1');
  if (/[0-9]/.test(character)) return CLASS_DIGIT;
  if (/\s/.test(character)) return CLASS_SPACE;
  if (character === '$') return alphabet.indexOf('!');
  if (/[<[{]/.test(character)) return alphabet.indexOf('(');
  if (/[*~_|`\\&%=]/.test(character)) return alphabet.indexOf('*');
  return code < 32 || code === 127 ? alphabet.indexOf('\0') : CLASS_OTHER;
});

type Step = (state: string, character: string) => { readonly state: string; readonly hint?: number };

const isLetter = (character: string) => /[a-z]/.test(character);
const isDigit = (character: string) => /[0-9]/.test(character);

// How the last word goes on, in the states of `singles`.
const NO_WORD = 0;
const ONE_DIGIT = 1;
const ONE_LETTER = 2;
const LONGER = 3;
/** Added where an apostrophe stands after these, which goes on with the word if another letter follows. */
const APOSTROPHE = 3;

/** Three words of one character in a row, two of them letters: state is the count of both, and how the last word goes on. */
const singles: Step = (state, character) => {
  const [words, letters, open] = state.split(' ').map(Number) as [number, number, number];
  if (isLetter(character) || isDigit(character)) {
    const next = open !== NO_WORD ? LONGER : isDigit(character) ? ONE_DIGIT : ONE_LETTER;
    return { state: next === LONGER ? `0 0 ${LONGER}` : `${words} ${letters} ${next}` };
  }
  if (open === NO_WORD) return { state };
  if (character === "'" && open <= LONGER) return { state: `${words} ${letters} ${open + APOSTROPHE}` };
  if (open === LONGER || open === LONGER + APOSTROPHE) return { state: `0 0 ${NO_WORD}` };
  const count = Math.min(words + 1, 3);
  const letterCount = Math.min(
    letters + (open === ONE_LETTER || open === ONE_LETTER + APOSTROPHE ? 1 : 0),
    2,
  );
  return {
    state: `${count} ${letterCount} ${NO_WORD}`,
    hint: count === 3 && letterCount === 2 ? HINT_LETTERS : 0,
  };
};

/** The words `dot` and `punkt`, by the classes of their letters. */
const stopWords = ['dot', 'llnlt'];

/** Digits between letters, or after or before two; and a word for a full stop. */
const insideWords: Step = (state, character) => {
  if (isLetter(character)) {
    if (state === 'digits') return { state: 'word', hint: HINT_LEET };
    if (state === 'lead') return { state: 'lead+' };
    if (state === 'lead+') return { state: 'word', hint: HINT_LEET };
    if (state === 'number') return { state };
    const word = state === '' ? character : state + character;
    return { state: stopWords.some((stop) => stop.startsWith(word)) ? word : 'word' };
  }
  if (isDigit(character)) {
    if (state === 'number' || character === '9') return { state: 'number' };
    if (state === '' || state === 'lead') return { state: 'lead' };
    return { state: 'digits' };
  }
  if (stopWords.includes(state)) return { state: '', hint: HINT_HIDDEN_LINK };
  return { state: '', hint: state === 'digits' ? HINT_LEET : 0 };
};

const endings = ['com', 'net', 'org', 'info', 'biz', 'xyz'];
/** Of domains whose full stop is another sign, too. */
const signedEndings = [...endings, 'de', 'co', 'io', 'eu'];

/** What stands between words: full stops, commas and brackets that may hide a domain, and what links are made of. */
const betweenWords: Step = (state, character) => {
  const step = stepBetweenWords(state, character);
  return character === '\0' ? { state: step.state, hint: (step.hint ?? 0) | HINT_CONTROL } : step;
};

const stepBetweenWords: Step = (state, character) => {
  const letter = isLetter(character);
  const word = letter || isDigit(character);
  // After a full stop with a space before it, which no one leaves there, any short word may be an ending.
  if (state.startsWith('<')) {
    if (state === '<' && character === ' ') return { state };
    if (letter && state.length <= 4) return { state: `${state}l` };
    const next = stepBetweenWords(state === '<' ? 'space' : 'word', character);
    return !word && state.length > 2
      ? { state: next.state, hint: (next.hint ?? 0) | HINT_HIDDEN_LINK }
      : next;
  }
  // In what may be an ending, after a lone full stop: `>` and what was read of it.
  if (state.startsWith('>')) {
    const read = state.slice(1);
    if (read === '' && character === ' ') return { state };
    if (letter && signedEndings.some((ending) => ending.startsWith(read + character)))
      return { state: `>${read}${character}` };
    const next = stepBetweenWords(read === '' ? 'space' : 'word', character);
    return !word && signedEndings.includes(read)
      ? { state: next.state, hint: (next.hint ?? 0) | HINT_HIDDEN_LINK }
      : next;
  }
  // `&#`.
  if (state === '*' && character === '?') return { state };
  if (state === '*' && word) return { state: 'word', hint: MARKED };
  if ((state === '*' || state === '(') && character === '*') return { state: '*', hint: MARKED };
  if (state === ':' && character === '*') return { state: '*', hint: HINT_HIDDEN_LINK | HINT_LINK };
  if (state === '(' && /[/!]/.test(character)) return { state: character, hint: MARKED };
  if (state === '(' && character === 'b') return { state: '(b' };
  if (state === '(b' && character === 'r') return { state: 'word', hint: MARKED };
  if (state === '(b') return stepBetweenWords('word', character);
  if (state === '/' && character === ' ') return { state: '/ ' };
  if ((state === '/ ' || state === '/') && character === '/')
    return { state: '/', hint: HINT_HIDDEN_LINK | HINT_LINK };
  if (state === '/ ') return character === ' ' ? { state } : stepBetweenWords('space', character);
  if (state === '(' && character === ' ') return { state };
  if (state === '(' && /[.,:]/.test(character)) return { state: 'sign', hint: HINT_HIDDEN_LINK };
  if (state === '(' && character === 'd') return { state: '(d' };
  if (state === '(d' && character === 'o') return { state: 'word', hint: HINT_HIDDEN_LINK };
  if (state === '(d') return stepBetweenWords('word', character);
  if (word) {
    if (letter && state === 'word.') return { state: 'word', hint: HINT_LINK };
    if (letter && state === '@') return { state: 'word', hint: HINT_LINK | HINT_LEET };
    if (letter && state === '!') return { state: 'word', hint: HINT_LEET };
    if (state === 'word!' || state === '@') return { state: 'word', hint: HINT_LEET };
    if (letter && state === 'word?' && signedEndings.some((ending) => ending.startsWith(character)))
      return { state: `>${character}` };
    if (letter && state === 'word,' && endings.some((ending) => ending.startsWith(character)))
      return { state: `>${character}` };
    return { state: 'word' };
  }
  switch (character) {
    case ' ':
      return { state: state === 'word.' ? '>' : 'space' };
    case '.':
      return { state: state === 'space' || state === 'start' ? '<' : state === 'word' ? 'word.' : 'sign' };
    case ',':
      return { state: state === 'word' ? 'word,' : 'sign' };
    case '/':
      return state === ':' ? { state: '/', hint: HINT_LINK | HINT_HIDDEN_LINK } : { state: '/' };
    case '!':
      return { state: state === 'word' || state === 'word!' || state === '@' ? 'word!' : '!' };
    case ':':
    case '@':
    case '(':
    case '*':
      return { state: character };
    case '?':
      return { state: state === 'word' || state === 'word?' ? 'word?' : 'sign' };
    default:
      return { state: 'sign' };
  }
};

/**
 * The table of an automaton: from an entry with its hints masked off, plus a class, to the next entry. The first state
 * is entry 0.
 */
function tableOf(first: string, step: Step): Uint16Array {
  const states = [first];
  const entries: number[] = [];
  for (let from = 0; from < states.length; from++) {
    for (let at = 0; at < 1 << CLASS_BITS; at++) {
      const character = alphabet[at] ?? '?';
      const { state, hint = 0 } = step(states[from]!, character);
      let to = states.indexOf(state);
      if (to < 0) to = states.push(state) - 1;
      entries.push((to << CLASS_BITS) | hint);
    }
  }
  return Uint16Array.from(entries);
}

/** What `singles` and `insideWords` see, in one. */
const words: Step = (state, character) => {
  const [first, second] = state.split('|') as [string, string];
  const one = singles(first, character);
  const other = insideWords(second, character);
  return { state: `${one.state}|${other.state}`, hint: (one.hint ?? 0) | (other.hint ?? 0) };
};

export const wordsTable: Uint16Array = tableOf('0 0 0|', words);
export const betweenTable: Uint16Array = tableOf('start', betweenWords);
/** Masks the hints off an entry. */
export const STATE_MASK: number = ~((1 << CLASS_BITS) - 1);
export const HINT_MASK: number = (1 << CLASS_BITS) - 1;
