import type { EventLog } from './event-log.ts';
import type { LedgerDaemon } from './ledger-daemon.ts';
import { until } from './until.ts';

const LAG_SECONDS = 60;

/** Waits until daemons report that nothing waits, and writes down what they report at the end, whether that came about or not. */
export async function reportLag(daemons: readonly LedgerDaemon[], events: EventLog): Promise<void> {
  await until(
    async () => (await Promise.all(daemons.map(lagOf))).every((lag) => lag === 0),
    LAG_SECONDS,
    'the lag that daemons report is 0',
  ).catch(() => {});
  for (const daemon of daemons)
    events.add({ kind: 'lag', daemon: daemon.name, messages: await lagOf(daemon) });
}

/** Messages that a daemon reports as waiting, over all its partitions. */
async function lagOf({ ops }: LedgerDaemon): Promise<number> {
  if (ops === undefined) throw new Error('a daemon that reports no lag is asked for it');
  const text = await (await fetch(`${ops}/metrics`)).text();
  return [...text.matchAll(/^sluice_source_lag\{[^}]*\} ([\d.e+]+)/gm)].reduce(
    (sum, [, lag]) => sum + Number(lag),
    0,
  );
}
