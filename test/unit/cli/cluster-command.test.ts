import { beforeEach, describe, expect, it } from 'vitest';
import type { Cluster, ClusterStatus } from '../../../src/app/local-cluster/open-cluster.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { Log } from '../../../src/ports/log.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

let terminal: TestTerminal;
beforeEach(() => {
  terminal = new TestTerminal();
});

const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
const process1 = { name: 'Kafka', pid: 7, identity: 'x', log: '/c/kafka/kafka.log', stopSeconds: 1 };
const running: ClusterStatus = {
  folder: '/c',
  up: true,
  console: 'http://127.0.0.1:5/?token=abc',
  processes: [{ ...process1, running: true }],
  places: {
    kafka: { broker: '127.0.0.1:1', topics: { source: 'in', verdicts: 'out', deadLetters: 'dead' } },
    zookeeper: { hosts: '127.0.0.1:2', path: '/sluice' },
    hdfs: { url: 'http://127.0.0.1:3', path: '/models' },
    mysql: { host: '127.0.0.1', port: 4, database: 'sluice', user: 'sluice', password: 'word' },
    daemons: [
      { name: 'daemon-1', api: 'http://127.0.0.1:5', ops: 'http://127.0.0.1:6', settings: '/c/d/s.yaml' },
    ],
    prometheus: { url: 'http://127.0.0.1:7' },
    load: { perSecond: 200 },
  },
};
const ended: ClusterStatus = { ...running, up: false, processes: [{ ...process1, running: false }] };
const never: ClusterStatus = {
  folder: '/c',
  up: false,
  processes: [],
  places: undefined,
  console: undefined,
};

function run(parts: Partial<Cluster>, ...argv: string[]) {
  const unexpected = (): never => {
    throw new Error('not expected');
  };
  const cluster: Cluster = { folder: '/c', status: unexpected, up: unexpected, down: unexpected, ...parts };
  return runProgram(
    ['cluster', ...argv],
    terminal,
    appOf({ createLog: async () => log, openCluster: async () => cluster }),
  );
}

describe('cluster up', () => {
  it('sluice cluster up reports where everything is, on stdout, and what it does, on stderr', async () => {
    const up: Cluster['up'] = async ({ perSecond, progress }) => {
      progress(`Kafka: 3 s, ${perSecond} a second`);
      return { status: running, started: true };
    };
    expect(await run({ up }, 'up', '--rate', '5')).toBe(0);
    expect(terminal.said).toBe('Kafka: 3 s, 5 a second\n');
    for (const place of [
      '127.0.0.1:1',
      '--password=word',
      '127.0.0.1:6/metrics',
      '127.0.0.1:5/?token=abc',
      'sluice cluster down\n',
    ])
      expect(terminal.output).toContain(place);
    // Nobody named a folder, so nobody needs to.
    expect(terminal.output).not.toContain('--dir');
  });

  it('sluice cluster up repeats the folder that was named in what to try, as a shell takes it', async () => {
    const status = { ...running, folder: "/c/it's mine" };
    await run({ up: async () => ({ status, started: true }) }, 'up', '--dir', "it's mine");
    expect(terminal.output).toContain(`sluice cluster down --dir '/c/it'\\''s mine'`);
  });

  it('sluice cluster up reports that it is up already, with its endpoints', async () => {
    expect(await run({ up: async () => ({ status: running, started: false }) }, 'up', '--json')).toBe(0);
    expect(terminal.said).toContain('up already');
    expect(JSON.parse(terminal.output)).toEqual(running);
  });

  it('sluice cluster up answers 69 where a service fails, and that nothing is left of what was started', async () => {
    const up = () => Promise.reject(new SluiceError('SERVICE_FAILED', 'Kafka ended.'));
    expect(await run({ up }, 'up')).toBe(69);
    expect(terminal.said).toBe('What had been started was ended again.\nSERVICE_FAILED: Kafka ended.\n');
  });

  it('sluice cluster up answers 130 when it is interrupted, and leaves no listener', async () => {
    const before = process.listenerCount('SIGINT');
    const up: Cluster['up'] = async ({ signal }) => {
      process.emit('SIGINT');
      signal.throwIfAborted();
      return { status: running, started: true };
    };
    expect(await run({ up }, 'up')).toBe(130);
    expect(terminal.said).toContain('Interrupted');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('sluice cluster up refuses a rate that is none', async () => {
    for (const rate of ['-1', '1.5', 'many', '60000']) expect(await run({}, 'up', '--rate', rate)).toBe(2);
  });
});

describe('cluster status', () => {
  it('sluice cluster status answers 0 where all of it runs', async () => {
    expect(await run({ status: () => running }, 'status')).toBe(0);
    expect(terminal.output).toContain('127.0.0.1:1');
  });

  it('sluice cluster status answers 1 and names what has ended, with its log', async () => {
    expect(await run({ status: () => ended }, 'status')).toBe(1);
    expect(terminal.said).toContain('Kafka has ended; its log: /c/kafka/kafka.log');
  });

  it('sluice cluster status answers 1 where none was ever started', async () => {
    expect(await run({ status: () => never }, 'status')).toBe(1);
    expect(terminal.said).toBe('No cluster is up in /c.\n');
  });
});

describe('cluster down', () => {
  it('sluice cluster down prints what it ended and whether data are kept', async () => {
    const down: Cluster['down'] = async ({ wipe }) => (wipe ? ['Kafka'] : []);
    expect(await run({ down }, 'down', '--wipe')).toBe(0);
    expect(terminal.said).toBe('Ended: Kafka. Its data and logs are removed.\n');
    terminal = new TestTerminal();
    expect(await run({ down }, 'down', '--json')).toBe(0);
    expect(JSON.parse(terminal.output)).toEqual({ folder: '/c', ended: [], wiped: false });
  });
});

describe('cluster send, verdicts and load', () => {
  it.each([['send', 'hello'], ['verdicts'], ['load']])(
    'sluice cluster send, verdicts and load answer 2 where no cluster is up: %s',
    async (...argv) => {
      expect(await run({ status: () => ended }, ...argv)).toBe(2);
      expect(terminal.said).toContain('run "sluice cluster up"');
    },
  );
});
