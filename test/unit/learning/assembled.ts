import type { ModelData } from '../../../src/core/model-data.ts';
import { type AssembleOptions, assembleData, type DataLimits } from '../../../src/learning/assemble-data.ts';
import type { TrainingLine } from '../../../src/learning/data-folder.ts';
import type { LabeledSource, ReportedRow, SourceRow } from '../../../src/learning/data-source.ts';
import type { HeldOutMessage } from '../../../src/learning/held-out.ts';
import { isForTesting } from '../../../src/training/testing-part.ts';
import { MemoryScratch } from '../labeling/duplicates/memory-scratch.ts';

export const limits: DataLimits = {
  mostPerCommunityMonth: 5000,
  newestShare: 0,
  reports: { weight: 0.05, mostPerReporter: 0.5, mostPerMessage: 0.1, mostShare: 0.01, leastShare: 0.0002 },
};

/** Rows of one page each, so that pages matter. */
export function source(
  kind: LabeledSource['kind'],
  rows: readonly (Partial<SourceRow> & Pick<SourceRow, 'text' | 'label'>)[],
  weight = 1,
): LabeledSource {
  return {
    ...{ name: kind === 'base' ? 'own' : kind, kind, weight },
    read: async function* () {
      for (const [at, row] of rows.entries()) yield [{ id: at + 1, community: 'forum', ...row }];
    },
  };
}

export interface Result {
  readonly training: readonly TrainingLine[];
  readonly heldOut: readonly HeldOutMessage[];
  readonly data: ModelData;
  readonly newLabels: number;
}

/** Assembles in memory. */
export async function assembled(
  sources: readonly LabeledSource[],
  options: Partial<Omit<AssembleOptions, 'reports'>> & {
    readonly reports?: readonly ReportedRow[];
    readonly everybody?: number;
  } = {},
): Promise<Result> {
  const training: TrainingLine[] = [];
  const heldOut: HeldOutMessage[] = [];
  const scratch = new MemoryScratch();
  const { reports = [], everybody = 1, ...others } = options;
  const result = await assembleData({
    ...{ sources, scratch, isForTesting, limits, seed: 1, champion: null, now: Date.UTC(2026, 10, 30) },
    ...others,
    reports: {
      read: async function* () {
        yield reports;
      },
      reporters: async () => everybody,
    },
    writer: {
      training: async (line) => void training.push(line),
      heldOut: async (message) => void heldOut.push(message),
    },
  });
  if (scratch.isOpen !== 0) throw new Error(`${scratch.isOpen} temporary files are open`);
  return { training, heldOut, ...result };
}

/** A text of several words that is for testing, or that is not; `count` of them, with nothing in common. */
export function texts(count: number, forTesting: boolean, prefix = 'text'): string[] {
  const found: string[] = [];
  for (let i = 0; found.length < count; i++) {
    const letters = (number: number) =>
      [...number.toString(26)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26))).join('');
    const text = Array.from({ length: 6 }, (_, at) => `${letters(7919 * (i + 1) * (at + 3))}q`).join(' ');
    const full = `${prefix} ${text}`;
    if (isForTesting({ text: full }) === forTesting) found.push(full);
  }
  return found;
}
