import { resolve } from 'node:path';
import type { ModelReport, ReportFacts } from '../../core/report-facts.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openChosenModel } from '../learning/open-chosen-model.ts';
import { type OpenScorer, openScorer } from '../models/open-scorer.ts';
import { modelReports } from '../report/model-reports.ts';
import { chosenModel } from './compare-models.ts';
import { type LiveFactsRequest, liveFacts } from './live-facts.ts';

/** What a report is to be about. */
export interface ReportOn {
  /** The model on labeled messages; left out for a page of the running system alone. */
  readonly evaluated?: {
    /** As `openHeldOut` takes them. */
    readonly data: readonly string[];
    /** Use what training may have seen, too. */
    readonly everything: boolean;
    /** As {@link chosenModel} takes it; left out for the one that the settings choose. */
    readonly model?: string;
    /** The other model, on the same messages. */
    readonly compare?: string;
  };
  /** The running system between two times, epoch milliseconds; left out for a page without it. */
  readonly live?: LiveFactsRequest;
  readonly settings: Settings;
  readonly log: Log;
  readonly workingDirectory: string;
  readonly now: Date;
  /** Messages scored so far, and the obfuscation that they are scored under, if any. */
  readonly progress?: (scored: number, obfuscation?: string) => void;
  readonly signal?: AbortSignal;
}

export interface Reported {
  readonly facts: ReportFacts;
  /** Why data without a labeled message has none. */
  readonly empty: readonly string[];
}

/** Computes all figures of a report. Throws `USAGE` for what is no model, and as models, data and scorers do. */
export async function reportOn(options: ReportOn): Promise<Reported> {
  const { live: range, settings, log, now } = options;
  // What is wrong with the time is found before any message is scored.
  const live = range === undefined ? null : await liveFacts(settings, log, range, () => now.getTime());
  const { models, empty } = await evaluated(options);
  return { facts: { schema: 1, generatedAt: now.toISOString(), models, live }, empty };
}

async function evaluated({
  evaluated: order,
  settings,
  log,
  workingDirectory,
  ...options
}: ReportOn): Promise<{ readonly models: readonly ModelReport[]; readonly empty: readonly string[] }> {
  if (order === undefined) return { models: [], empty: [] };
  const { model, compare, everything } = order;
  const data = order.data.map((spec) =>
    spec.startsWith('corpus:') ? spec : resolve(workingDirectory, spec),
  );
  const open = (given: string) => openChosenModel(settings, chosenModel(given, workingDirectory), log);
  const { rejectMin, rejectMax } = settings.decide;
  const models: OpenScorer[] = [];
  try {
    models.push(await (model === undefined ? openScorer(settings, log) : open(model)));
    if (compare !== undefined) models.push(await open(compare));
    return await modelReports({ ...options, models, data, everything, thresholds: { rejectMin, rejectMax } });
  } finally {
    for (const each of models) await each.close();
  }
}
