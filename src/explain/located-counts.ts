import type { Span } from '../core/explanation.ts';
import type { FeatureFamily } from '../core/model-manifest.ts';
import type { Trace } from '../text/edits.ts';
import { type CountedFeatures, FeatureCounts } from '../text/feature-counts.ts';
import type { Featurizer, PreparedText } from '../text/featurizer.ts';
import type { Vocabulary } from '../text/vocabulary.ts';

/** Features of a text as `Featurizer.count` counts them, and where each is found in the message as it was sent. */
export interface LocatedCounts extends CountedFeatures {
  /** By place in `ids`; none for features of the message as a whole. */
  readonly spans: readonly (readonly Span[])[];
}

/** `trace`: from code units of the prepared text to those of the message. */
export function locateCounts(
  featurizer: Featurizer,
  prepared: PreparedText,
  family: FeatureFamily,
  vocabulary: Vocabulary,
  trace: Trace,
): LocatedCounts {
  const counts = new FeatureCounts();
  const spansOf = new Map<number, Span[]>();
  const scan = featurizer.placeOf(family);
  const table = {
    find(high: number, low: number): number {
      const id = vocabulary.find(high, low);
      if (id < 0 || scan.start < 0) return id;
      const span = spanOf(trace, scan.start, scan.end);
      const known = spansOf.get(id);
      if (span === null) return id;
      if (known === undefined) spansOf.set(id, [span]);
      // What was moved may put two occurrences into one range; those are found one after the other.
      else if (known.at(-1)!.start !== span.start || known.at(-1)!.end !== span.end) known.push(span);
      return id;
    },
  };
  featurizer.count(prepared, family, table, counts, vocabulary.selection);
  const { size, ids } = counts;
  const spans = Array.from({ length: size }, (_, i) => spansOf.get(ids[i]!) ?? []);
  return { size, ids, counts: counts.counts, spans };
}

/**
 * The code units of the message that [from, to) of a prepared text stands for, with all between them; null if there are none, as of what
 * was inserted. The range may begin before the text and end behind it: grams take a space there.
 */
function spanOf(trace: Trace, from: number, to: number): Span | null {
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  for (let i = Math.max(0, from); i < Math.min(to, trace.starts.length); i++) {
    start = Math.min(start, trace.starts[i]!);
    end = Math.max(end, trace.ends[i]!);
  }
  return start < end ? { start, end } : null;
}

/**
 * The same trace with no range that ends before it begins: as what becomes of text that was turned round and then shortened does.
 */
export function straightened({ starts, ends }: Trace): Trace {
  return {
    starts: starts.map((start, i) => (ends[i]! < start ? ends[i]! - 1 : start)),
    ends: ends.map((end, i) => (end < starts[i]! ? starts[i]! + 1 : end)),
  };
}

/** `trace` of the part [start, end) of a text. */
export function traceOfPart(trace: Trace, start: number, end: number): Trace {
  return { starts: trace.starts.slice(start, end), ends: trace.ends.slice(start, end) };
}
