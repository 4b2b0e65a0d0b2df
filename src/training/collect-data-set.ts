import type { DataSet, DataSetLine } from '../ports/data-set.ts';
import {
  type CollectedMessages,
  requireBothClasses,
  requireCap,
  type Unweighed,
  weigh,
} from './collect-messages.ts';

/**
 * Reads an assembled data set: all of its training part is trained on, and its held-out part is the testing part. Weights of lines multiply
 * those of languages. `isWeighted`: whether the base models heed weights; without that, what users reported is left out, which would count as much as
 * labels. Throws `DATA_INVALID` as `collectMessages` does.
 */
export async function collectDataSet(
  set: DataSet,
  { isWeighted, signal }: { readonly isWeighted: boolean; readonly signal?: AbortSignal | undefined },
): Promise<CollectedMessages> {
  const sources = set.data.sources.map(({ name }) => name);
  const numbers = new Map(sources.map((name, number) => [name, number]));
  const weak = new Set(set.data.sources.flatMap(({ kind, name }) => (kind === 'reports' ? [name] : [])));
  const messages: Unweighed[] = [];
  const weights: number[] = [];
  const add = async (lines: AsyncIterable<DataSetLine>, forTesting: boolean) => {
    for await (const { origin, text, label, source: name, language, group, weight = 1 } of lines) {
      signal?.throwIfAborted();
      const source = numbers.get(name) ?? sources.push(name) - 1;
      numbers.set(name, source);
      const isWeak = weak.has(name);
      if (isWeak && !isWeighted) continue;
      const stated = {
        ...(language === undefined ? {} : { language }),
        ...(group === undefined ? {} : { group }),
        ...(isWeak ? { isWeak: true as const } : {}),
      };
      const message = { origin, text, label, ...stated, source, forTesting };
      requireCap(message);
      messages.push(message);
      weights.push(weight);
    }
  };
  await add(set.training(), false);
  requireBothClasses(messages);
  await add(set.heldOut(), true);
  return { sources, messages: weigh(messages, (at) => weights[at]!), duplicates: 0 };
}
