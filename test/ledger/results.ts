import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, machineFacts } from '../../bench/report/bench-report.ts';
import { packageRoot } from '../../src/app/package-root.ts';
import type { LedgerReport } from './check-ledger.ts';
import type { RebalanceRepeats } from './rebalance-repeats.ts';
import type { SoakReport } from './soak.ts';

/** The stored result of one kind of faults, or of the soak test. */
export interface StoredResult {
  readonly command: string;
  /** When it ended, UTC. */
  readonly at: string;
  readonly machine: Machine;
  readonly report: LedgerReport | SoakReport;
}

const ledgerFolder = () => join(packageRoot(), 'test', 'ledger');
const resultsFolder = () => join(ledgerFolder(), 'results');
const BEGIN = '<!-- results: begin -->\n';
const END = '<!-- results: end -->';

/** Whether there is a result in which nothing was found, of so many faults at least. */
export function hasGoodResult(kind: string, times: number): boolean {
  const file = resultFile(kind);
  if (!existsSync(file)) return false;
  const { report } = JSON.parse(readFileSync(file, 'utf8')) as StoredResult;
  return report.ok && (report.faults[kind] ?? 0) >= times;
}

export function resultFile(kind: string): string {
  return join(resultsFolder(), `${kind}.json`);
}

/** Call it before the run, so that the load is that of others. */
export function resultKeeper(kind: string, command: string): (report: LedgerReport | SoakReport) => void {
  const machine = machineFacts();
  return (report) => {
    mkdirSync(resultsFolder(), { recursive: true });
    const result: StoredResult = { command, at: new Date().toISOString(), machine, report };
    writeFileSync(resultFile(kind), `${JSON.stringify(result, null, 2)}\n`);
    writeTable();
  };
}

/** The table in the README, of all stored results. */
export function writeTable(): void {
  const results = readdirSync(resultsFolder())
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({
      kind: name.slice(0, -'.json'.length),
      ...(JSON.parse(readFileSync(join(resultsFolder(), name), 'utf8')) as StoredResult),
    }));
  const path = join(ledgerFolder(), 'README.md');
  const readme = readFileSync(path, 'utf8');
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${path} has no markers ${BEGIN.trim()} and ${END}`);
  const text = results.map(rowOf).join('\n');
  const head =
    '| kind | what was done | messages | a second | lost | invented | duplicates | may repeat | repeated a rebalance, p50 and max | found | commits after kill, p95, s | command, day, machine |';
  const rule = '|---|---|---:|---:|---:|---:|---:|---:|---:|---|---:|---|';
  writeFileSync(
    path,
    `${readme.slice(0, from + BEGIN.length)}\n${head}\n${rule}\n${text}\n\n${readme.slice(to)}`,
  );
}

function rowOf({ kind, command, at, machine, report }: StoredResult & { readonly kind: string }): string {
  const { cpu, cores, node, load } = machine;
  const soak = 'memory' in report ? report : undefined;
  const ledger = 'memory' in report ? undefined : report;
  const done =
    ledger !== undefined
      ? Object.entries(ledger.ways).map(([way, times]) => `${times} ${way.slice(way.indexOf(': ') + 2)}`)
      : soak!.memory.map(
          ({ daemon, slopeMegabytes }) => `${daemon}: ${slopeMegabytes.toFixed(2)} MB a million`,
        );
  // Not in results of before it was counted.
  const repeats: RebalanceRepeats | undefined = ledger?.repeatedAfterRebalance;
  const perRebalance = repeats?.perRebalance;
  const found = report.findings.map(({ check, found: times }) => `${check} ${times}`);
  return `| ${[
    kind,
    done.join(', '),
    report.messages.toLocaleString('en'),
    report.perSecond.toLocaleString('en'),
    report.lost,
    report.invented,
    report.duplicates,
    ledger === undefined ? 0 : ledger.mayRepeat.toLocaleString('en'),
    perRebalance === undefined || perRebalance.max === null
      ? '–'
      : `${perRebalance.p50}, ${perRebalance.max}`,
    found.length === 0 ? '–' : found.join(', '),
    ledger?.commitAfterKillSeconds.p95 ?? '–',
    `\`${command}\`, ${at.slice(0, 10)}; ${cpu}, ${cores} cores, Node ${node}, load before ${load.toFixed(1)}`,
  ].join(' | ')} |`;
}
