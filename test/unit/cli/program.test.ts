import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelManager } from '../../../src/app/models/manage-models.ts';
import { exitCodeOf } from '../../../src/cli/exit-codes.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { errorCodes, SluiceError } from '../../../src/core/errors.ts';
import type { RegisteredModel } from '../../../src/ports/model-registry.ts';
import type { Settings } from '../../../src/settings/settings-schema.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

let terminal: TestTerminal;
let folder: string;
beforeEach(async () => {
  terminal = new TestTerminal();
  folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...argv: string[]) => runProgram(argv, terminal, appOf({}));

describe('the command line', () => {
  it('the command line prints requested help on stdout, with the exit codes', async () => {
    expect(await run('--help')).toBe(0);
    expect(terminal.output).toContain('run [options]');
    expect(terminal.output).toContain('78 settings');
    expect(terminal.said).toBe('');
  });

  it('the command line prints the version', async () => {
    expect(await run('--version')).toBe(0);
    expect(terminal.output).toBe('1.2.3\n');
  });

  it('the command line exits with 2 after a mistake, and suggests the command or option that was meant', async () => {
    expect(await run('scroe')).toBe(2);
    expect(terminal.said).toContain('Did you mean score?');
    expect(await run('run', '--onec')).toBe(2);
    expect(terminal.said).toContain('Did you mean --once?');
    expect(await run('score', '--format', 'xml')).toBe(2);
    expect(await run('train', '--out', 'x')).toBe(2);
    expect(terminal.said).toContain('There is nothing to train on. Give --data');
    expect(terminal.output).toBe('');
  });

  it('the command line exits with 2 and prints help on stderr if there is no command', async () => {
    expect(await run()).toBe(2);
    expect(terminal.said).toContain('Usage: sluice');
    expect(terminal.output).toBe('');
  });

  it('the command line prints an error with its code on stderr and exits with the exit code of that error', async () => {
    const fails = (error: Error) =>
      runProgram(['model', 'list'], terminal, appOf({ openModelManager: () => Promise.reject(error) }));
    expect(await fails(new SluiceError('STORE_FAILED', 'The folder is away. Bring it back.'))).toBe(69);
    expect(terminal.said).toBe('STORE_FAILED: The folder is away. Bring it back.\n');
    expect(await fails(new TypeError('x is undefined'))).toBe(70);
    expect(terminal.said).toContain('INTERNAL: x is undefined');
  });

  it('the command line has one of the documented exit codes for every error', () => {
    const documented = new Set([1, 2, 65, 69, 70, 75, 78]);
    for (const code of errorCodes) expect(documented.has(exitCodeOf(code)), code).toBe(true);
    expect(exitCodeOf('USAGE')).toBe(2);
    expect(exitCodeOf('SETTINGS_INVALID')).toBe(78);
    expect(exitCodeOf('DATA_INVALID')).toBe(65);
    expect(exitCodeOf('INTERNAL')).toBe(70);
  });
});

describe('config check', () => {
  it('sluice config check exits with 0 for valid settings, and with 78 and every problem for others', async () => {
    const file = join(folder, 's.yaml');
    await writeFile(file, 'mode: observe\n');
    expect(await run('config', 'check', '--config', file)).toBe(0);
    expect(terminal.output).toBe('The settings are valid.\n');
    expect(await run('config', 'check', '-c', file, '--set', 'mod=x', '--set', 'pool.threads=0')).toBe(78);
    expect(terminal.said).toContain('mod does not exist; did you mean mode?');
    expect(terminal.said).toContain('pool.threads must be a whole number from 1 to 256, but is 0 (--set)');
  });

  it('sluice config check prints the problems as JSON', async () => {
    terminal.environment = { SLUICE_POOL__THREADS: '0' };
    expect(await run('config', 'check', '--json')).toBe(78);
    expect(JSON.parse(terminal.output)).toEqual({
      valid: false,
      problems: [
        {
          name: 'pool.threads',
          from: 'environment SLUICE_POOL__THREADS',
          problem: 'must be a whole number from 1 to 256, but is 0',
        },
      ],
    });
  });

  it('sluice config check exits with 78 for a missing file', async () => {
    expect(await run('config', 'check', '--config', join(folder, 'none.yaml'))).toBe(78);
    expect(terminal.said).toContain('SETTINGS_UNREADABLE');
  });
});

describe('config explain', () => {
  it('sluice config explain prints values with their sources', async () => {
    terminal.environment = { SLUICE_DECIDE__REJECT_MAX: '0.9' };
    expect(await run('config', 'explain', 'decide', '--set', 'decide.communities."a.b".language=de')).toBe(0);
    expect(terminal.output.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['decide.rejectMin', '0.5', 'default'],
      ['decide.rejectMax', '0.9', 'environment SLUICE_DECIDE__REJECT_MAX'],
      ['decide.exactScores', 'notHam', 'default'],
      ['decide.unknownMessage', 'prior', 'default'],
      ['decide.communities."a.b".language', 'de', '--set'],
      [''],
    ]);
  });

  it('sluice config explain prints one setting as JSON, with its environment variable', async () => {
    expect(await run('config', 'explain', 'source.startAt', '--json')).toBe(0);
    expect(JSON.parse(terminal.output)).toEqual([
      {
        name: 'source.startAt',
        value: 'earliest',
        origin: 'default',
        from: 'default',
        description: expect.stringContaining('Where to start reading'),
        unit: null,
        allowed: expect.stringContaining('`earliest`'),
        live: false,
        secret: false,
        environment: 'SLUICE_SOURCE__START_AT',
      },
    ]);
  });

  it('sluice config explain exits with 2 for an unknown setting', async () => {
    expect(await run('config', 'explain', 'decid')).toBe(2);
  });
});

describe('config table and config schema', () => {
  it('sluice config table and config schema print, or write to a file', async () => {
    expect(await run('config', 'table')).toBe(0);
    expect(terminal.output).toMatch(/^\| Setting \|/);
    const document = join(folder, 'doc.md');
    await writeFile(document, 'before\n<!-- settings: begin -->outdated<!-- settings: end -->\nafter\n');
    expect(await run('config', 'table', '--write', document)).toBe(0);
    const text = await readFile(document, 'utf8');
    expect(text).toContain('| `pool.threads` |');
    expect(text).not.toContain('outdated');
    expect(text.endsWith('<!-- settings: end -->\nafter\n')).toBe(true);
    const schema = join(folder, 'schema.json');
    expect(await run('config', 'schema', '--write', schema)).toBe(0);
    expect(JSON.parse(await readFile(schema, 'utf8'))).toHaveProperty('properties.decide');
    expect(await run('config', 'table', '--write', schema)).toBe(65);
  });
});

describe('model list', () => {
  let registered: Partial<RegisteredModel>[] | undefined;
  let active: string | undefined;
  beforeEach(() => {
    registered = [];
    active = undefined;
  });
  const list = (versions: string[], ...argv: string[]) => {
    const openModelManager = async ({ model }: Settings) =>
      ({
        locations: {
          models: '/models',
          active: '/models/active.json',
          registry: 'the table models of sluice.db',
        },
        list: async () => versions,
        registered: async () => registered,
        active: async () => (active === undefined ? undefined : { active: { version: active }, before: [] }),
        chosen: async () => (model.version === 'active' ? versions[0] : model.version),
      }) as unknown as ModelManager;
    return runProgram(['model', 'list', ...argv], terminal, appOf({ openModelManager }));
  };
  const [newer, older] = ['20261102T000000Z-0123abcd', '20261101T000000Z-0123abcd'] as const;

  it('sluice model list marks the model that the settings choose', async () => {
    expect(await list([newer, older])).toBe(0);
    expect(terminal.output).toBe(`* ${newer}\n  ${older}\n`);
  });

  it('sluice model list prints JSON', async () => {
    expect(await list([newer, older], '--json', '--set', `model.version=${older}`)).toBe(0);
    expect(JSON.parse(terminal.output)).toEqual([
      { version: newer, chosen: false, registered: null },
      { version: older, chosen: true, registered: null },
    ]);
  });

  it('sluice model list shows what the database records about each model, and warns if that differs from what daemons use', async () => {
    registered = [
      { version: newer, status: 'candidate', activatedAt: null },
      { version: older, status: 'active', activatedAt: Date.UTC(2026, 10, 3), decided: 'activated by me' },
    ];
    active = older;
    expect(await list([newer, older])).toBe(0);
    expect(terminal.output).toBe(
      `* ${newer}  candidate\n  ${older}  active since 2026-11-03T00:00:00.000Z, activated by me\n`,
    );
    expect(terminal.said).toBe('');
    active = newer;
    expect(await list([newer, older])).toBe(0);
    expect(terminal.said).toContain(`warning: ${newer} is active by /models/active.json`);
    expect(terminal.said).toContain(`the table models of sluice.db has ${older}`);
  });

  it('sluice model list lists models without the database if it is unavailable', async () => {
    registered = undefined;
    active = newer;
    expect(await list([newer, older])).toBe(0);
    expect(terminal.output).toBe(`* ${newer}\n  ${older}\n`);
    expect(terminal.said).toBe('');
  });

  it('sluice model list exits with 1 if there is no model', async () => {
    expect(await list([])).toBe(1);
  });
});
