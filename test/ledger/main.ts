import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../src/app/package-root.ts';
import type { LedgerReport } from './check-ledger.ts';
import { type FaultCounts, type FaultKind, faultKinds } from './ledger-events.ts';
import { faultCounts } from './nemesis.ts';
import { runLedger } from './run-ledger.ts';

const profiles: Readonly<Record<string, FaultCounts>> = {
  short: {
    kill: 5,
    term: 3,
    broker: 2,
    mysql: 3,
    'zookeeper-expiry': 2,
    'thread-death': 10,
    rebalance: 5,
    'model-swap': 0,
  },
  full: {
    kill: 50,
    term: 50,
    broker: 25,
    mysql: 20,
    'zookeeper-expiry': 20,
    'thread-death': 100,
    rebalance: 50,
    'model-swap': 100,
  },
};

const help = `Shows that nothing is lost. Usage: npm run ledger -- [options]

  --profile short|full  short: all kinds of faults at once (default); full: one kind after the other, each with a result
                        file in test/ledger/results; kinds that have a good one are left out
  --only KIND           this kind alone: ${faultKinds.join(', ')}
  --times N             so often, instead of what the profile says (with --only)
  --seed N              of the messages and of the order of faults (default: from the clock)
  --rate N              messages a second (default 2000)
  --model DIR           folder of models to judge with (default: what ships)
  --keep FOLDER         keeps event log, dumps and logs there

The last line is one JSON object. Exit codes: 0; 1 something was found; 2 usage; 70 the run itself failed.
`;

function usage(problem: string): never {
  process.stderr.write(`${problem}\n\n${help}`);
  process.exit(2);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      profile: { type: 'string', default: 'short' },
      only: { type: 'string' },
      times: { type: 'string' },
      seed: { type: 'string' },
      rate: { type: 'string', default: '2000' },
      model: { type: 'string' },
      keep: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const profile = profiles[values.profile];
  if (profile === undefined) usage(`there is no profile ${values.profile}`);
  const only = faultKinds.find((kind) => kind === values.only);
  if (values.only !== undefined && only === undefined) usage(`there is no kind ${values.only}`);
  const seed = numberOf('--seed', values.seed ?? String(Date.now() % 1_000_000));
  const perSecond = numberOf('--rate', values.rate);
  const times = values.times === undefined ? undefined : numberOf('--times', values.times);
  const run = (counts: FaultCounts) =>
    oneRun({ profile: values.profile, counts, seed, perSecond, models: values.model, keep: values.keep });

  if (only !== undefined) return told(await run(faultCounts({ [only]: times ?? profile[only] })));
  if (values.profile === 'short') return told(await run(profile));
  let worst = 0;
  const results = join(packageRoot(), 'test', 'ledger', 'results');
  mkdirSync(results, { recursive: true });
  for (const kind of faultKinds) {
    const file = join(results, `${kind}.json`);
    if (isGood(file)) {
      process.stderr.write(`ledger: ${kind} has a good result, ${file}\n`);
      continue;
    }
    const report = await run(faultCounts({ [kind]: profile[kind] } as Partial<Record<FaultKind, number>>));
    writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
    worst = Math.max(worst, told(report));
  }
  return worst;
}

async function oneRun(options: {
  profile: string;
  counts: FaultCounts;
  seed: number;
  perSecond: number;
  models: string | undefined;
  keep: string | undefined;
}): Promise<LedgerReport> {
  const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'sluice-ledger-'));
  const begun = performance.now();
  const say = (text: string) =>
    process.stderr.write(
      `ledger ${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s: ${text}\n`,
    );
  say(`seed ${options.seed}, folder ${folder}`);
  const report = await runLedger({ ...options, folder, say });
  // What was found can only be understood with its logs.
  if (options.keep === undefined && report.ok) rmSync(folder, { recursive: true, force: true });
  say(report.ok ? 'nothing was found' : `something was found; see ${folder}`);
  return report;
}

function told(report: LedgerReport): number {
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.ok ? 0 : 1;
}

function isGood(file: string): boolean {
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as LedgerReport).ok;
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    usage(`${option} must be a whole number above 0, but is ${text}`);
  return value;
}

// Services and daemons end with this process, where it ends by its own leave.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(70));
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`ledger: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 70;
});
