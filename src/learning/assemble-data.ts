import { SluiceError } from '../core/errors.ts';
import type { ModelData } from '../core/model-data.ts';
import { sha256Of } from '../core/sha256.ts';
import type { SearchedRow } from '../labeling/duplicates/duplicate-input.ts';
import { findDuplicates, type SearchOptions } from '../labeling/duplicates/find-duplicates.ts';
import { MAX_LENGTH } from '../text/character-scan.ts';
import type { TrainingLine } from './data-folder.ts';
import { type LabeledSource, REPORTS, type ReportedRow, type SourceRow } from './data-source.ts';
import { HashList, SourceTally } from './data-tally.ts';
import { type DecidedRows, decideRows } from './decide-rows.ts';
import type { HeldOutMessage } from './held-out.ts';
import { knownBefore } from './known-before.ts';
import { readReports } from './read-reports.ts';
import { RecordFile } from './record-file.ts';
import type { ReportLimits } from './report-weights.ts';
import { keyHash, labelBits, messageKey, RowColumns } from './row-columns.ts';

/** Contradictions that are listed, and rows of each. */
const LISTED = 100;
const LISTED_ROWS = 10;

export interface DataLimits {
  readonly mostPerCommunityMonth: number;
  readonly newestShare: number;
  readonly reports: ReportLimits;
}

/** Where the two parts are written. */
export interface DataWriter {
  training(line: TrainingLine): Promise<void>;
  heldOut(message: HeldOutMessage): Promise<void>;
}

/** Rows that were read, that were compared, and that were written. */
export interface AssembleProgress {
  readonly phase: 'reading' | 'comparing' | 'writing';
  readonly rows: number;
}

export interface AssembleOptions extends Pick<SearchOptions, 'scratch' | 'signal' | 'pause'> {
  /** In the order in which they came to be: of two groups that grow together, the older decides the side. At most 250. */
  readonly sources: readonly LabeledSource[];
  /** Asked for after the sources. */
  readonly reports: {
    /** Pages of what nobody has decided. */
    read(): AsyncIterable<readonly ReportedRow[]>;
    /** How many people have reported anything. */
    reporters(): Promise<number>;
  };
  readonly writer: DataWriter;
  /** The hash that decides for ever. */
  readonly isForTesting: (message: { readonly text: string; readonly group?: string }) => boolean;
  readonly limits: DataLimits;
  readonly seed: number;
  /** The active model's data, null where it has none; null where there is no active model. */
  readonly champion: { readonly data: ModelData | null } | null;
  /** Epoch milliseconds. A later time of a label is not believed. */
  readonly now: number;
  readonly progress?: (progress: AssembleProgress) => void;
}

export interface Assembled {
  readonly data: ModelData;
  /** Labels that the active model's data does not have: all where there is no active model. */
  readonly newLabels: number;
}

/**
 * Assembles what a model is trained on and compared with. Reads each source once, page by page; in memory are some 200 bytes a row, and texts
 * are in temporary files. The same sources and seed give the same lines.
 * Throws `DATA_INVALID` where a class has no message to train on, what the sources throw, and what the signal aborts with.
 */
export async function assembleData(options: AssembleOptions): Promise<Assembled> {
  const records = new RecordFile<SourceRow>(options.scratch);
  try {
    return await new Assembly(options, records).run();
  } finally {
    records.close();
  }
}

class Assembly {
  readonly #options: AssembleOptions;
  readonly #records: RecordFile<SourceRow>;
  readonly #rows = new RowColumns();
  readonly #tallies: readonly SourceTally[];
  readonly #hashes = { training: new HashList(), heldOut: new HashList() };
  readonly #wasKnown: ReturnType<typeof knownBefore>;
  #labelsUntil = 0;
  #newLabels = 0;
  #written = 0;
  #labeledWeight = 0;

  constructor(options: AssembleOptions, records: RecordFile<SourceRow>) {
    this.#options = options;
    this.#records = records;
    this.#tallies = options.sources.map((source) => new SourceTally(source));
    this.#wasKnown = knownBefore(options.champion?.data ?? null);
  }

  async run(): Promise<Assembled> {
    const { seed, limits, now, champion, signal } = this.#options;
    const hasData = (champion?.data ?? null) !== null;
    const found = await findDuplicates(this.#read(), this.#search());
    signal?.throwIfAborted();
    const decided = decideRows(this.#rows, found, {
      seed,
      mostPerBucket: limits.mostPerCommunityMonth,
      newestShare: hasData ? limits.newestShare : 0,
      isOld: (row) => this.#isOld(row),
    });
    await this.#write(decided);
    const facts = this.#tallies.map((tally) => tally.facts());
    requireClasses(facts);
    const reports = await this.#writeReports(decided.newestAfter);
    signal?.throwIfAborted();
    const data: ModelData = {
      schema: 1,
      assembledAt: now,
      labelsUntil: this.#labelsUntil,
      seed,
      sources: reports === undefined ? facts : [...facts, reports],
      hashes: { training: this.#hashes.training.digest(), heldOut: this.#hashes.heldOut.digest() },
      contradictions: { count: decided.contradictions, first: this.#contradictions(decided) },
      limits: { ...limits, newestAfter: decided.newestAfter },
    };
    return { data, newLabels: this.#newLabels };
  }

  #search(): SearchOptions {
    const { scratch, signal, pause, progress } = this.#options;
    return {
      ...{ scratch, signal },
      ...(pause === undefined ? {} : { pause }),
      progress: (at) => {
        const share = 'rows' in at ? undefined : at.bands / at.of;
        const rows = share === undefined ? this.#rows.count : Math.round(share * this.#rows.count);
        progress?.({ phase: share === undefined ? 'reading' : 'comparing', rows });
      },
    };
  }

  async *#read(): AsyncGenerator<SearchedRow> {
    const { sources, isForTesting, now, champion } = this.#options;
    for (const [source, from] of sources.entries()) {
      const tally = this.#tallies[source]!;
      const isSampled = from.kind !== 'base';
      for await (const page of from.read())
        for (const given of page) {
          const { at, ...undated } = given;
          const row: SourceRow = at === undefined || at > now ? undated : { ...undated, at };
          tally.read(row.id);
          if (row.at !== undefined) this.#labelsUntil = Math.max(this.#labelsUntil, row.at);
          if (champion === null || !this.#wasKnown(from, { id: row.id, at: row.at })) this.#newLabels++;
          const unusable = row.text === '' ? 'empty' : row.text.length > MAX_LENGTH ? 'too-long' : undefined;
          if (unusable !== undefined) {
            tally.leaveOut(unusable);
            continue;
          }
          const id = this.#rows.count;
          this.#rows.add(row, { source, isSampled, isForTesting: isForTesting(row) });
          this.#records.add(row);
          yield { id, message: row.text, rank: 1 };
        }
    }
  }

  #isOld(row: number): boolean {
    const source = this.#options.sources[this.#rows.sourceOf(row)]!;
    const at = this.#rows.atOf(row);
    if (source.kind === 'base' || at === undefined) return true;
    return this.#wasKnown(source, { id: this.#rows.idOf(row), at });
  }

  async #write(decided: DecidedRows): Promise<void> {
    const { sources, writer } = this.#options;
    let row = -1;
    for (const record of this.#records.read()) {
      row++;
      await this.#breathe();
      const number = this.#rows.sourceOf(row);
      const [source, tally] = [sources[number]!, this.#tallies[number]!];
      const { text, label, id, language, group } = record;
      const outcome = decided.outcomeOf(row);
      if (outcome !== 'training' && outcome !== 'heldOut') {
        tally.leaveOut(outcome);
        continue;
      }
      tally.use(outcome, id, label);
      this.#hashes[outcome].add(this.#rows.hashOf(row));
      const stated = language === undefined ? {} : { language };
      if (outcome === 'training') {
        this.#labeledWeight += source.weight;
        const weight = source.weight === 1 ? {} : { weight: source.weight };
        const kept = group === undefined ? {} : { group };
        await writer.training({ text, label, source: source.name, ...stated, ...kept, ...weight });
      } else {
        const at = this.#rows.atOf(row);
        const part = this.#wasKnown(source, { id, at }) ? 'old' : 'new';
        const dated = at === undefined ? {} : { at };
        const origin = { source: source.name, community: record.community };
        await writer.heldOut({ text, label, part, ...origin, ...stated, ...dated });
      }
    }
  }

  async #writeReports(newestAfter: number | null) {
    const { reports, writer, isForTesting, limits } = this.#options;
    const tally = new SourceTally({ name: REPORTS, kind: 'reports' });
    const records = this.#records;
    const decided = readReports(usable(reports.read(), tally), {
      ...this.#search(),
      ...{ limits: limits.reports, labels: this.#rows, labeledWeight: this.#labeledWeight },
      ...{ isForTesting, newestAfter, everybody: () => reports.reporters() },
      labeledTexts: function* () {
        for (const { text } of records.read()) yield text;
      },
    });
    for await (const { row, outcome } of decided) {
      await this.#breathe();
      if ('leftOut' in outcome) {
        tally.leaveOut(outcome.leftOut);
        continue;
      }
      tally.use('training', row.id, 'spam');
      this.#hashes.training.add(keyHash(messageKey(row.text)));
      await writer.training({ text: row.text, label: 'spam', source: REPORTS, weight: outcome.weight });
    }
    const facts = tally.facts();
    return facts.read === 0 ? undefined : facts;
  }

  /** The first ones, with the first rows of each. */
  #contradictions(decided: DecidedRows): ModelData['contradictions']['first'] {
    if (decided.contradictions === 0) return [];
    const listed = new Map<number, { readonly key: string; readonly rows: string[] }>();
    let row = -1;
    for (const { text, id } of this.#records.read()) {
      row++;
      const key = this.#rows.keyOf(row);
      if (!decided.isContradictory(key)) continue;
      const known = listed.get(key);
      if (known === undefined && listed.size === LISTED) continue;
      const entry = known ?? { key: sha256Of(new TextEncoder().encode(messageKey(text))), rows: [] };
      const source = this.#options.sources[this.#rows.sourceOf(row)]!;
      const label = this.#rows.labelOf(row) === labelBits.spam ? 'spam' : 'ham';
      if (entry.rows.length < LISTED_ROWS) entry.rows.push(`${source.name} ${id}: ${label}`);
      listed.set(key, entry);
    }
    return [...listed.values()];
  }

  async #breathe(): Promise<void> {
    if (++this.#written % 1024 !== 0) return;
    const { pause, signal, progress } = this.#options;
    progress?.({ phase: 'writing', rows: this.#written });
    await pause?.();
    signal?.throwIfAborted();
  }
}

/** Without those that no model could read. */
async function* usable(
  reports: AsyncIterable<readonly ReportedRow[]>,
  tally: SourceTally,
): AsyncGenerator<readonly ReportedRow[]> {
  for await (const page of reports)
    yield page.filter(({ id, text }) => {
      tally.read(id);
      const isUsable = text !== '' && text.length <= MAX_LENGTH;
      if (!isUsable) tally.leaveOut(text === '' ? 'empty' : 'too-long');
      return isUsable;
    });
}

function requireClasses(sources: ModelData['sources']): void {
  for (const label of ['spam', 'ham'] as const) {
    if (sources.some(({ training }) => training[label] > 0)) continue;
    const read = sources.reduce((sum, source) => sum + source.read, 0);
    const of = sources.map(({ name }) => name).join(', ');
    throw new SluiceError(
      'DATA_INVALID',
      `none of the ${read} messages of ${of} that may be trained on is ${label}. Label some, or add a data set of that class to retrain.data.base.`,
    );
  }
}
