import { beforeEach, describe, expect, it } from 'vitest';
import type { CountOrder } from '../../../src/app/learning/count-data.ts';
import type { DataFeaturesOrder } from '../../../src/app/learning/data-features.ts';
import type { PipelinePageOrder } from '../../../src/app/tasks/open-pipeline-page.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

let terminal: TestTerminal;
beforeEach(() => {
  terminal = new TestTerminal();
});

const run = (argv: readonly string[], functions: object = {}) => runProgram(argv, terminal, appOf(functions));

describe('pipeline', () => {
  it('sluice pipeline gives the commands of its assets the settings that it was started with', async () => {
    let order: PipelinePageOrder | undefined;
    const openPipelinePage = async (given: PipelinePageOrder) => {
      order = given;
    };
    const settings = ['state.path=there', 'store.kind=libsql', 'decide.communities.a.rejectMin=0.4'];
    const argv = ['pipeline', '--port', '3333', ...settings.flatMap((setting) => ['--set', setting])];
    expect(await run(argv, { openPipelinePage })).toBe(0);
    expect(order).toMatchObject({
      folder: '/here/there/pipeline',
      // The environment cannot spell a community; a run of Dagster can replace the others.
      options: ['--set', 'decide.communities.a.rejectMin=0.4'],
      environment: { SLUICE_STATE__PATH: 'there', SLUICE_STORE__KIND: 'libsql' },
      workingDirectory: '/here',
      port: 3333,
    });
  });

  it.each(['0', '65536', 'x', ''])('sluice pipeline refuses the port "%s"', async (port) => {
    expect(await run(['pipeline', '--port', port])).toBe(2);
  });

  it('sluice pipeline refuses invalid settings before it starts anything', async () => {
    expect(await run(['pipeline', '--set', 'store.kind=paper'])).toBe(78);
  });
});

describe('dataset count', () => {
  it('sluice dataset count prints the spam and the ham of data sets and tables', async () => {
    let order: CountOrder | undefined;
    const countData = async (_: unknown, given: CountOrder) => {
      order = given;
      return {
        sets: [{ name: 'own', spam: 1200, ham: 3 }],
        tables: [{ name: 'messages', spam: 0, ham: 1 }],
        reported: 7,
      };
    };
    expect(await run(['dataset', 'count', '--data', 'corpus:own', '--tables'], { countData })).toBe(0);
    expect(order).toMatchObject({ data: ['corpus:own'], tables: true });
    expect(terminal.output).toBe(
      'own: spam 1,200, ham 3\nmessages: spam 0, ham 1\nreported and not decided: 7\n',
    );
  });
});

describe('dataset features', () => {
  it('sluice dataset features prints what it wrote', async () => {
    let order: DataFeaturesOrder | undefined;
    const writeDataFeatures = async (given: DataFeaturesOrder) => {
      order = given;
      return { path: '/here/features', training: 1000, heldOut: 200, words: 3000 };
    };
    const argv = ['dataset', 'features', 'set', '--out', 'features', '--profile', 'bag-of-words'];
    expect(await run(argv, { writeDataFeatures })).toBe(0);
    expect(order).toMatchObject({ dataset: 'set', out: 'features', profile: 'bag-of-words' });
    expect(terminal.output).toBe('/here/features: 3,000 words of 1,000 training and 200 held-out messages\n');
    expect(await run(['dataset', 'features', 'set'])).toBe(2);
  });
});
