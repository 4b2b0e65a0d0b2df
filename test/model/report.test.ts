import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateOn } from '../../src/app/tasks/evaluate-on.ts';
import { type Reported, reportOn } from '../../src/app/tasks/report-on.ts';
import { writeReport } from '../../src/app/tasks/write-report.ts';
import { isMissing, type Known, type ModelReport } from '../../src/core/report-facts.ts';
import type { Log } from '../../src/ports/log.ts';
import { settingsSchema } from '../../src/settings/settings-schema.ts';

const home = fileURLToPath(new URL('../../native-models/default', import.meta.url));
const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const settings = settingsSchema.parse({ model: { localPath: home }, pool: { threads: 1 } });
const NOW = new Date('2026-11-30T12:00:00Z');

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-report-'));
  data = join(folder, 'labeled.csv');
  const spam = [
    'Claim your free cash prize now at https://prize-claim.top/win',
    'URGENT your bank account is locked confirm it at https://login-check.top',
    'win a free phone, call 0906 123 4567 now',
    'Earn 300 euro a day from home, write me on telegram',
  ];
  const ham = [
    'We took the slow train and looked at the hills',
    'wir sehen uns morgen im Garten und essen Kuchen',
    'can you send me the notes of the meeting',
    'the movie was great, thanks for the tickets',
  ];
  const rows = ['label,text,community,sent_at'];
  for (let copy = 0; copy < 5; copy++) {
    for (const text of spam) rows.push(`spam,"${text} (${copy})",chess,2026-10-0${copy + 1}`);
    for (const text of ham) rows.push(`ham,"${text} (${copy})",chess,2026-11-0${copy + 1}`);
  }
  rows.push('ham,hello there,go,2031-01-01', 'ham,see you at noon,go,', 'spam,free prize,go,2026-11-01', '');
  await writeFile(data, rows.join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const report = (evaluated: {
  readonly data: readonly string[];
  readonly compare?: string;
}): Promise<Reported> =>
  reportOn({
    evaluated: { everything: true, ...evaluated },
    ...{ settings, log: silent, workingDirectory: folder, now: NOW },
  });

const estimateOf = (share: number | null) => (share === null ? null : { estimate: share });

function known<T>(figure: Known<T>): T {
  if (typeof figure === 'object' && figure !== null && isMissing(figure)) throw new Error(figure.missing);
  return figure as T;
}

describe('a report on the shipped model', () => {
  let reported: Reported;
  beforeAll(async () => {
    reported = await report({ data: [data], compare: 'active' });
  });

  it('has the figures of sluice evaluate', async () => {
    const evaluation = await evaluateOn({
      ...{ data: [data], everything: true, obfuscation: 'all', settings, log: silent, progress: () => {} },
    });
    const [model] = reported.facts.models;
    const { all } = evaluation;
    expect(model!.version).toBe(evaluation.model);
    expect(model!.data).toEqual([{ name: 'labeled.csv', spam: 21, ham: 22 }]);
    expect(model!.rates).toMatchObject({ spam: all.spam, ham: all.ham });
    expect(model!.rates.truePositiveRate!.estimate).toBe(all.spamAboveRejectMax);
    expect(model!.rates.falsePositiveRate!.estimate).toBe(all.hamAboveRejectMax);
    expect(model!.rates.reviewShare!.estimate).toBeCloseTo(all.reviewShare!, 12);
    expect(known(model!.roc).area.estimate).toBe(all.rocAuc);
    expect(known(model!.calibration).expectedError).toBe(all.calibrationError);
    expect(model!.unscored).toBe(evaluation.unscored);
    // So few messages are all in the sample that is obfuscated.
    const obfuscated = known(model!.obfuscations);
    expect(obfuscated.map(({ name }) => name)).toEqual(evaluation.disguises!.map(({ name }) => name));
    for (const [at, { name, plain, disguised }] of evaluation.disguises!.entries())
      expect(obfuscated[at], name).toMatchObject({
        ...{ spam: plain.spam, recallPlain: plain.spamAboveRejectMax, ham: plain.ham },
        recall: estimateOf(disguised.spamAboveRejectMax),
        falsePositiveRate: estimateOf(disguised.hamAboveRejectMax),
      });
  });

  it('has every base model of the manifest with figures, time and size, and the training facts', () => {
    const [model] = reported.facts.models;
    const [blend, ...base] = known(model!.baseModels);
    expect(base.map(({ name }) => name)).toContain('random-forest');
    expect(blend!.rocAuc).toBe(known(model!.roc).area.estimate);
    for (const { rocAuc, averagePrecision } of base) {
      expect(rocAuc).toBeGreaterThan(0.5);
      expect(averagePrecision).toBeGreaterThan(0.5);
    }
    const timed = base.filter(({ microseconds }) => microseconds !== null);
    expect(timed.length).toBeGreaterThan(2);
    const sum = (figures: readonly (number | null)[]) =>
      figures.reduce<number>((all, one) => all + (one ?? 0), 0);
    expect(sum(base.map(({ microseconds }) => microseconds))).toBeLessThan(blend!.microseconds!);
    expect(sum(base.map(({ bytes }) => bytes))).toBe(blend!.bytes);
    expect(known(model!.training).map(({ name }) => name)).toContain('Data set own');
  });

  it('shows both models on the same messages, and the same model twice with the same figures', () => {
    const [model, other] = reported.facts.models.map(withoutTimes);
    expect(other).toEqual(model);
  });

  it('states future dates and a community of three messages, with wide intervals', () => {
    const { slices, missedSpam, falseAccusations } = reported.facts.models[0]!;
    expect(known(slices.month).map(({ value, spam, ham }) => [value, spam, ham])).toEqual([
      ['2026-10', 20, 0],
      ['2026-11', 1, 20],
      ['in the future', 0, 1],
      ['not stated', 0, 1],
    ]);
    const small = known(slices.community).find(({ value }) => value === 'go')!;
    expect([small.spam, small.ham]).toEqual([1, 2]);
    expect(small.falsePositiveRate!.high).toBeGreaterThan(0.6);
    for (const { reasons, probability } of [...known(missedSpam), ...known(falseAccusations)]) {
      const sum = known(reasons).reduce((all, { logOdds }) => all + logOdds, 0);
      expect(sum).toBeCloseTo(Math.log(probability / (1 - probability)), 3);
    }
  });

  it('is written as page, JSON and plots, and nothing half-written is left beside them', async () => {
    const targets = {
      out: join(folder, 'out', 'r.html'),
      json: join(folder, 'out', 'r.json'),
      plots: join(folder, 'plots'),
    };
    expect(await writeReport(reported.facts, targets)).toEqual([targets.out, targets.plots, targets.json]);
    expect(JSON.parse(await readFile(targets.json, 'utf8'))).toEqual(reported.facts);
    expect(await readFile(targets.out, 'utf8')).toMatch(/^<!doctype html>/i);
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['r.html', 'r.json']);
    const plots = await readdir(targets.plots);
    expect(plots).toContain('roc.svg');
    expect(plots).toContain('roc.png');
    // It has people's texts in it.
    expect((await stat(targets.out)).mode & 0o077).toBe(0);
    await expect(writeReport(reported.facts, { json: join(data, 'r.json') })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });
});

it('a report on the running system alone has no model, and states that its database is not there', async () => {
  const { facts } = await reportOn({
    live: { from: NOW.getTime() - 86_400_000, to: NOW.getTime() },
    settings: settingsSchema.parse({
      store: { kind: 'libsql', libsql: { path: join(folder, 'none.db') } },
    }),
    ...{ log: silent, workingDirectory: folder, now: NOW },
  });
  expect(facts.models).toEqual([]);
  expect(facts.live?.decisions).toEqual({ missing: expect.any(String) });
});

/** Times differ from one run to the next. */
function withoutTimes(model: ModelReport): ModelReport {
  return { ...model, baseModels: known(model.baseModels).map((each) => ({ ...each, microseconds: null })) };
}
