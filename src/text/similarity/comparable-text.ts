import { Featurizer, type PreparedText } from '../featurizer.ts';
import { textKey } from './text-key.ts';

/**
 * The version of what is compared and how, as a feature set has one. Signatures and campaign keys of different versions must not be
 * compared: a store that keeps them keeps this beside them, and computes them again when it differs.
 */
export const SIMILARITY_VERSION = 'similarity-1';

let shared: Featurizer | undefined;

/** The message without obfuscation, as the featurizer reads it. A caller that has it already passes it on instead. */
export function deobfuscated(message: string | PreparedText): PreparedText {
  if (typeof message !== 'string') return message;
  // A cache for the thread: its answer depends on the text alone.
  shared ??= new Featurizer({ languages: ['en', 'de'], ownDomains: [] });
  return shared.prepare(message);
}

/** The {@link textKey} of the deobfuscated text, with single spaces; the text itself where nothing of it is a word. */
export function comparableKey(message: string | PreparedText): string {
  const { text } = deobfuscated(message);
  const key = textKey(text).replace(/\s+/gu, ' ');
  return key === '' ? text.replace(/\s+/gu, ' ').trim() : key;
}
