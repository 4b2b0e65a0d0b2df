import { beforeEach, describe, expect, it } from 'vitest';
import type { AssembleDatasetOrder, AssembledDataset } from '../../../src/app/tasks/assemble-dataset.ts';
import type { ModelTrace } from '../../../src/app/tasks/trace-model.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { ModelData } from '../../../src/core/model-data.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

const none = { spam: 0, ham: 0 };
const data: ModelData = {
  ...{ schema: 1, assembledAt: 5, labelsUntil: Date.UTC(2026, 10, 29), seed: 1, limits: {} },
  sources: [
    {
      ...{ name: 'own', kind: 'base', read: 12_345, training: { spam: 4000, ham: 5000 } },
      ...{
        heldOut: { spam: 1000, ham: 1200 },
        leftOut: { 'near-duplicate': 1145 },
        rows: [[1, 9000]],
        heldOutRows: [],
      },
    },
    {
      ...{ name: 'training', kind: 'training', read: 5, training: none, heldOut: { spam: 1, ham: 0 } },
      ...{ leftOut: { contradiction: 4 }, rows: [], heldOutRows: [[2, 2]], readTo: 9 },
    },
  ],
  hashes: { training: '1', heldOut: '2' },
  contradictions: {
    count: 12,
    first: Array.from({ length: 12 }, (_, at) => ({
      key: `${at}`,
      rows: [`training ${at}: spam`, 'own 1\u001b[2J: ham'],
    })),
  },
};
const assembled: AssembledDataset = {
  folder: '/sets/one',
  data,
  newLabels: 1234,
  champion: '20261101T000000Z-00000000',
};

let terminal: TestTerminal;
beforeEach(() => {
  terminal = new TestTerminal();
});
const run = (argv: readonly string[], functions: object) =>
  runProgram(['dataset', ...argv], terminal, appOf({ createLog: async () => ({}), ...functions }));

describe('sluice dataset assemble', () => {
  it('sluice dataset assemble prints what was read and used by source, what was left out, and contradictions', async () => {
    let order: AssembleDatasetOrder | undefined;
    const assembleDataset = async (_settings: unknown, _log: unknown, given: AssembleDatasetOrder) => {
      order = given;
      return assembled;
    };
    expect(
      await run(['assemble', '--out', 'one', '--seed', '7', '--scratch', '/tmp'], { assembleDataset }),
    ).toBe(0);
    expect(order).toMatchObject({ out: 'one', seed: 7, scratch: '/tmp' });
    const { output } = terminal;
    expect(output).toMatch(/^own +12,345 +4,000 +5,000 +1,000 +1,200 +1,145$/m);
    expect(output).toMatch(/^training +5 +0 +0 +1 +0 +4$/m);
    expect(output).toContain('left out: near-duplicate 1,145, contradiction 4\n');
    expect(output).toContain('labels until 2026-11-29T00:00:00.000Z\n');
    expect(output).toContain('contradictions: 12 messages have both labels');
    expect(output.match(/training \d: spam/g)).toHaveLength(5);
    expect(output).not.toContain('\u001b');
    expect(output).toMatch(/1,234 labels, new since 20261101T000000Z-00000000\n\/sets\/one\n$/);
    terminal = new TestTerminal();
    await run(['assemble', '--out', 'one', '--json'], { assembleDataset });
    expect(terminal.lines.at(-1)).toMatchObject({ folder: '/sets/one', newLabels: 1234 });
  });

  it('sluice dataset assemble exits with 130 when it is interrupted', async () => {
    const assembleDataset = (_settings: unknown, _log: unknown, { signal }: AssembleDatasetOrder) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        process.emit('SIGINT');
      });
    expect(await run(['assemble', '--out', 'one'], { assembleDataset })).toBe(130);
    expect(terminal.said).toContain('no data set was written');
  });
});

describe('sluice dataset trace', () => {
  it('sluice dataset trace prints what a model was trained on, and what became of rows', async () => {
    const calls: unknown[] = [];
    const traceModel = async (
      _settings: unknown,
      _log: unknown,
      version: string | undefined,
      rows: readonly string[],
    ): Promise<ModelTrace> => {
      calls.push([version, rows]);
      return { version: 'v', data, rows: [{ source: 'training', id: 2, use: 'held-out' }] };
    };
    expect(await run(['trace', 'v', '--row', 'training:2'], { traceModel })).toBe(0);
    expect(calls).toEqual([['v', ['training:2']]]);
    expect(terminal.output).toMatch(/^v\nsource/);
    expect(terminal.output).toMatch(/training 2: held-out\n$/);
  });
});
