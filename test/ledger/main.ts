import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LedgerReport } from './check-ledger.ts';
import { runEmbedded } from './embedded/run-embedded.ts';
import {
  embeddedFaults,
  type FaultCounts,
  type FaultKind,
  faultCounts,
  faultKinds,
} from './ledger-events.ts';
import { clusterAtOnce, embeddedAtOnce, isEmbedded, profiles } from './profiles.ts';
import { hasGoodResult, resultFile, resultKeeper, writeTable } from './results.ts';
import { runLedger } from './run-ledger.ts';
import { runSoak, type SoakReport } from './soak.ts';

const SOAK = 'soak';
/** All kinds of the embedded default: at once in `short`, one after the other in `full`. */
const EMBEDDED = 'embedded';
/** Messages a second; what is scored in all is a little less, since the last faults are waited for when nothing is sent any more. */
const RATE = '2500';
/** So that it is 10,000 from the first message to the last commit, with the way through at the end. */
const SOAK_RATE = '10300';

const help = `Shows that nothing is lost. Usage: npm run ledger -- [options]

  --profile short|full  short: all kinds of faults on the services at once (default); full: one kind after the other, then
                        the soak, each with a result file in test/ledger/results; kinds that have a good one are left out
  --only KIND           this kind alone: ${[...faultKinds, SOAK].join(', ')};
                        ${EMBEDDED}: all kinds of the embedded default, in \`short\` at once
  --times N             so many faults instead of what the profile says (with --only)
  --messages N          of the soak (default 10000000)
  --seed N              of the messages and of the order of faults (default: from the clock)
  --rate N              messages a second (default ${RATE}; of the soak ${SOAK_RATE})
  --model DIR           folder of models to score with (default: what ships)
  --table               only writes the table in the README anew from the result files
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
      messages: { type: 'string', default: '10000000' },
      seed: { type: 'string' },
      rate: { type: 'string' },
      model: { type: 'string' },
      keep: { type: 'string' },
      table: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  if (values.table) {
    writeTable();
    return 0;
  }
  const { profile } = values;
  const planned = profiles[profile];
  if (planned === undefined) usage(`there is no profile ${profile}`);
  const kinds = [...faultKinds, SOAK] as const;
  const only = kinds.find((kind) => kind === values.only);
  if (values.only !== undefined && values.only !== EMBEDDED && only === undefined)
    usage(`there is no kind ${values.only}`);
  const seed = numberOf('--seed', values.seed ?? String(Date.now() % 1_000_000));
  const times = values.times === undefined ? undefined : numberOf('--times', values.times);
  const common = { profile, seed, models: values.model };
  const runCounts = (counts: FaultCounts) =>
    inFolder(values.keep, (folder, say) =>
      embeddedFaults.some((kind) => counts[kind] > 0)
        ? runEmbedded({ ...common, counts, folder, say })
        : runLedger({
            ...common,
            ...{ counts, folder, say },
            perSecond: numberOf('--rate', values.rate ?? RATE),
          }),
    );
  const runKind = (kind: FaultKind | typeof SOAK) =>
    kind !== SOAK
      ? runCounts(faultCounts({ [kind]: times ?? planned[kind] }))
      : inFolder(values.keep, (folder, say) =>
          runSoak({
            ...common,
            messages: numberOf('--messages', values.messages),
            perSecond: numberOf('--rate', values.rate ?? SOAK_RATE),
            ...{ folder, say },
          }),
        );

  if (profile !== 'full') {
    if (only !== undefined) return printed(await runKind(only));
    return printed(await runCounts((values.only === EMBEDDED ? embeddedAtOnce : clusterAtOnce)(planned)));
  }
  const wanted = kinds.filter((kind) =>
    values.only === EMBEDDED ? kind !== SOAK && isEmbedded(kind) : only === undefined || kind === only,
  );
  let worst = 0;
  for (const kind of wanted) {
    if (only === undefined && hasGoodResult(kind, kind === SOAK ? 0 : planned[kind])) {
      process.stderr.write(`ledger: ${kind} has a good result, ${resultFile(kind)}\n`);
      continue;
    }
    const keep = resultKeeper(kind, ['npm run ledger --', ...process.argv.slice(2)].join(' '));
    const report = await runKind(kind);
    keep(report);
    worst = Math.max(worst, printed(report));
  }
  return worst;
}

type Say = (text: string) => void;

async function inFolder(
  keep: string | undefined,
  run: (folder: string, say: Say) => Promise<LedgerReport | SoakReport>,
): Promise<LedgerReport | SoakReport> {
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'sluice-ledger-'));
  const begun = performance.now();
  const say = (text: string) =>
    process.stderr.write(
      `ledger ${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s: ${text}\n`,
    );
  say(`in ${folder}`);
  const report = await run(folder, say);
  // What was found can only be understood with its logs.
  if (keep === undefined && report.ok) rmSync(folder, { recursive: true, force: true });
  say(report.ok ? 'nothing was found' : `something was found; see ${folder}`);
  return report;
}

function printed(report: LedgerReport | SoakReport): number {
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.ok ? 0 : 1;
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    usage(`${option} must be a whole number above 0, but is ${text}`);
  return value;
}

// Services and daemons end with this process, where it ends by its own leave.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(70));
const code = await main().catch((error: unknown) => {
  process.stderr.write(`ledger: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 70;
});
// Not left to end by itself: what was half started when it failed would keep it.
process.exit(code);
