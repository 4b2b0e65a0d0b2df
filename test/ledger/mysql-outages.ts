import type { LedgerCluster } from './ledger-cluster.ts';
import type { LedgerDaemon } from './ledger-daemon.ts';
import { pause, SETTLE_SECONDS, until } from './until.ts';

/** How a database can be away, by turns. */
export const outages = ['killed', 'frozen', 'swallowed', 'disk full'] as const;
export type Outage = (typeof outages)[number];

const AWAY_SECONDS = 5;

/** Makes the database be away for a while. */
export async function outage(
  how: Outage,
  cluster: LedgerCluster,
  daemons: readonly LedgerDaemon[],
): Promise<void> {
  const { mysql, mysqlProxy, smallDisk } = cluster;
  switch (how) {
    case 'killed':
      await mysql.process.kill();
      await pause(AWAY_SECONDS);
      return await mysql.startAgain();
    case 'frozen':
      mysql.process.freeze();
      await pause(AWAY_SECONDS);
      return mysql.process.unfreeze();
    case 'swallowed':
      mysqlProxy.swallow();
      await pause(AWAY_SECONDS);
      return mysqlProxy.pass();
    case 'disk full':
      if (smallDisk === undefined) throw new Error('the database has no disk that can be filled');
      smallDisk.fill();
      // What was laid out before still takes rows for a while.
      await until(
        () => daemons.some((each) => each.spools) || !mysql.process.running,
        SETTLE_SECONDS,
        'rows wait because of the full disk',
      );
      await pause(AWAY_SECONDS);
      smallDisk.empty();
      // A server may end where it cannot write its log.
      if (!mysql.process.running) await mysql.startAgain();
  }
}
