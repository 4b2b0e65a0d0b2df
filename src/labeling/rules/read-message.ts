import type { Trace } from '../../text/edits.ts';
import { Featurizer, type PreparedText } from '../../text/featurizer.ts';
import type { Span } from './rule.ts';

let reader: Featurizer | undefined;

function featurizer(): Featurizer {
  reader ??= new Featurizer({ languages: ['en', 'de'], ownDomains: [] });
  return reader;
}

/** The message without obfuscation, and its links. */
export function read(message: string): PreparedText {
  return featurizer().prepare(message);
}

/** Where [start, end) of {@link read} is in the message as it was sent. Reads the message again. */
export function spanAsSent(message: string, start: number, end: number): Span {
  const { trace } = featurizer().prepareTraced(message);
  return spanOf(trace, start, end);
}

/** Lines may have been turned around, so the first code unit need not be the one that was sent first. */
function spanOf({ starts, ends }: Trace, start: number, end: number): Span {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (let i = start; i < end && i < starts.length; i++) {
    first = Math.min(first, starts[i]!);
    last = Math.max(last, ends[i]!);
  }
  return { start: Math.min(first, last), end: last };
}
