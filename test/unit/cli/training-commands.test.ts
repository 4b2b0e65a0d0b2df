import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EvaluateOn } from '../../../src/app/tasks/evaluate-on.ts';
import type { TrainOn } from '../../../src/app/tasks/train-on.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { ModelManifest } from '../../../src/core/model-manifest.ts';
import type { ClassificationFigures } from '../../../src/evaluation/classification-figures.ts';
import { classificationFigures } from '../../../src/evaluation/classification-figures.ts';
import type { Log } from '../../../src/ports/log.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

let terminal: TestTerminal;
beforeEach(() => {
  terminal = new TestTerminal();
});

const run = (argv: readonly string[], functions: object = {}) => runProgram(argv, terminal, appOf(functions));

describe('sample', () => {
  it('sluice sample writes as many labeled messages as requested, the same for the same seed', async () => {
    expect(await run(['sample', '--count', '2500', '--spam', '0.5', '--seed', '3'])).toBe(0);
    const { lines, output } = terminal;
    expect(lines).toHaveLength(2500);
    expect(new Set(lines.map(({ message_id }) => message_id)).size).toBe(2500);
    const spam = lines.filter(({ label }) => label === 'spam').length;
    expect(spam).toBeGreaterThan(1000);
    expect(spam).toBeLessThan(1500);
    terminal = new TestTerminal();
    await run(['sample', '--count', '2500', '--spam', '0.5', '--seed', '3']);
    expect(terminal.output).toBe(output);
  });

  it('sluice sample stops quietly when its output is closed', async () => {
    terminal.readersLeaveAfter = 1;
    expect(await run(['sample', '--count', '999999999'])).toBe(0);
    expect(terminal.lines).toHaveLength(1000);
  });

  it('sluice sample refuses an invalid count or share', async () => {
    for (const argv of [
      ['--count', 'x'],
      ['--count', '-1'],
      ['--spam', '1.5'],
      ['--spam', ''],
      ['--language', 'xx'],
    ])
      expect(await run(['sample', ...argv]), argv.join(' ')).toBe(2);
  });
});

describe('train', () => {
  const trained = {
    version: 'v',
    path: '/models/v',
    sha256: '0'.repeat(64),
    manifest: { data: { spam: 2, ham: 3 } } as ModelManifest,
    probeAnswers: [],
    duplicates: 1,
    figures: {
      thresholds: {},
      held_out: {
        all: { spam: 4, ham: 8, mcc_at_half: 0.5, spam_above_half: 0.75, ham_above_half: 0.125 },
      },
      testing_part: {},
    },
  };

  it('sluice train prints the folder of the model and reports its steps on stderr', async () => {
    let order: TrainOn | undefined;
    const trainOn = async (options: TrainOn) => {
      order = options;
      options.progress?.({ step: 'network', state: 'advanced', done: 2, of: 6 });
      options.progress?.({ step: 'forest', state: 'finished', seconds: 1.25, peakBytes: 3 * 1024 ** 2 });
      return trained;
    };
    const argv = [
      'train',
      '-d',
      'a.csv',
      '-d',
      'b.csv',
      '-o',
      '/models',
      '--seed',
      '7',
      '--profile',
      'quick',
      '--blending',
      'three-way',
      '--final',
      '--search',
      '--language',
      'de',
      '--set',
      'decide.rejectMax=0.8',
    ];
    expect(await run(argv, { trainOn })).toBe(0);
    expect(terminal.output).toBe('/models/v\n');
    expect(terminal.said).toContain('forest: 1.3 s, 3 MiB\n');
    expect(terminal.said).toContain('network: 2 of 6\n');
    expect(terminal.said).toContain('Held out: TPR 75.00 %, FPR 12.50 %, MCC 0.5000 (4 spam, 8 ham).\n');
    expect(order).toMatchObject({
      data: ['a.csv', 'b.csv'],
      out: '/models',
      seed: 7,
      profile: 'quick',
      blending: 'three-way',
      final: true,
      search: true,
      languages: ['de'],
      thresholds: { rejectMin: 0.5, rejectMax: 0.8 },
    });
  });

  it('sluice train trains on an assembled data set, and on either that or data', async () => {
    const orders: TrainOn[] = [];
    const trainOn = async (options: TrainOn) => {
      orders.push(options);
      return trained;
    };
    expect(await run(['train', '--dataset', 'november', '-o', '/models'], { trainOn })).toBe(0);
    expect(orders).toMatchObject([{ data: { folder: 'november' } }]);
    expect(await run(['train', '--dataset', 'november', '-d', 'a.csv', '-o', '/models'], { trainOn })).toBe(
      2,
    );
    expect(terminal.said).toContain('Give --data or --dataset, not both');
    expect(orders).toHaveLength(1);
  });

  it('sluice train exits with 130 when it is interrupted, and removes its signal listeners', async () => {
    const before = process.listenerCount('SIGINT');
    const trainOn = (options: TrainOn) =>
      new Promise<typeof trained>((_, reject) => {
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
        process.emit('SIGINT');
      });
    expect(await run(['train', '-d', 'a.csv', '-o', '/models'], { trainOn })).toBe(130);
    expect(terminal.said).toContain('no model was written');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});

describe('evaluate', () => {
  const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
  const thresholds = { rejectMin: 0.5, rejectMax: 0.7 };
  const all: ClassificationFigures = classificationFigures(
    [
      { label: 'spam', probability: 0.9 },
      { label: 'ham', probability: 0.1 },
    ],
    thresholds,
  );
  let order: EvaluateOn | undefined;
  const functions = {
    createLog: async () => silent,
    evaluateOn: async (options: EvaluateOn) => {
      order = options;
      return { model: 'm1', thresholds, all, sets: { a: all }, unscored: 0 };
    },
  };

  it('sluice evaluate prints a table, or JSON, by default of the testing part only', async () => {
    expect(await run(['evaluate', '-d', 'a.csv'], functions)).toBe(0);
    expect(terminal.output).toContain('Model m1');
    expect(order).toMatchObject({ data: ['a.csv'], everything: false });
    terminal = new TestTerminal();
    expect(await run(['evaluate', '-d', 'a.csv', '--everything', '--json'], functions)).toBe(0);
    expect(JSON.parse(terminal.output)).toMatchObject({ model: 'm1', unscored: 0 });
    expect(order).toMatchObject({ everything: true });
  });

  it('sluice evaluate accepts the folder of a model, or the latest model in a folder of models', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-evaluate-'));
    const version = '20260102T030405Z-0123abcd';
    await mkdir(join(folder, version));
    await writeFile(join(folder, version, 'manifest.json'), '{}');
    try {
      expect(await run(['evaluate', '-d', 'a.csv', '--model', join(folder, version)], functions)).toBe(0);
      expect(order?.settings.model).toMatchObject({ localPath: folder, version });
      expect(await run(['evaluate', '-d', 'a.csv', '--model', folder], functions)).toBe(0);
      expect(order?.settings.model).toMatchObject({ localPath: folder, version: 'latest' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('sluice evaluate accepts --disguise, the former name of --obfuscation, with a warning', async () => {
    expect(await run(['evaluate', '-d', 'a.csv', '--obfuscation', 'leet'], functions)).toBe(0);
    expect(order).toMatchObject({ obfuscation: 'leet' });
    expect(terminal.said).toBe('');
    expect(await run(['evaluate', '-d', 'a.csv', '--disguise', 'padding-50'], functions)).toBe(0);
    expect(order).toMatchObject({ obfuscation: 'padding-50' });
    expect(terminal.said).toContain('--disguise is deprecated; use --obfuscation');
  });

  it('sluice evaluate refuses to run without data', async () => {
    expect(await run(['evaluate'], functions)).toBe(2);
  });
});
