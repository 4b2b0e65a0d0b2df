import { InvalidArgumentError } from 'commander';
import {
  type ClusterDownOptions,
  type ClusterLoadOptions,
  type ClusterOptions,
  type ClusterSendOptions,
  type ClusterUpOptions,
  type ClusterVerdictsOptions,
  clusterDown,
  clusterFunctions,
  clusterLoad,
  clusterSend,
  clusterStatus,
  clusterUp,
  clusterVerdicts,
} from './cluster-command.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';

export function addClusterCommands({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(clusterFunctions);
  const cluster = program
    .command('cluster')
    .description(
      'A local cluster of real services for trying Sluice out. Needs Linux on x86-64 and about 3 GB of memory.',
    );
  const command = (name: string) =>
    cluster
      .command(name)
      .option(
        '-d, --dir <folder>',
        'folder of its data, logs and settings; default: sluice/cluster in the user’s cache folder',
      );

  command('up')
    .description(
      'Start Kafka, ZooKeeper, MySQL, HDFS, two daemons, a load of synthetic messages and Prometheus, and print their addresses.',
    )
    .option('--rate <number>', 'synthetic messages per second; 0 for none', rate, 200)
    .option('--json', 'print the addresses as one JSON document')
    .addHelpText(
      'after',
      `\nEvery port is a free one on loopback, the same as last time where it still is free. What is missing on this machine is
fetched on the first start: jars by Maven (which needs a JDK), packages of Debian by apt-get. Nothing of it is installed
as a service. All goes on when this command has ended; "sluice cluster down" ends it.
${examples('sluice cluster up', 'sluice cluster up --rate 0 --dir /tmp/cluster')}`,
    )
    .action(async (options: ClusterUpOptions) => answer(await clusterUp(options, terminal, app)));
  command('down')
    .description('Stop the cluster. Its data is kept for the next start.')
    .option('--wipe', 'also remove its data and logs')
    .option('--json', 'print one JSON document')
    .action(async (options: ClusterDownOptions) => answer(await clusterDown(options, terminal, app)));
  command('status')
    .description(
      'Print whether the cluster runs, and its addresses. Exits with 1 if a part of it does not run.',
    )
    .option('--json', 'print one JSON document')
    .action(async (options: ClusterOptions) => answer(await clusterStatus(options, terminal, app)));
  command('send')
    .description('Send texts as messages, and print their ids.')
    .argument('<text...>', 'one message each')
    .option('--community <name>', 'community of the messages', 'mine')
    .addHelpText('after', examples('sluice cluster send "WIN a free prize, call now" "see you at eight"'))
    .action(async (texts: string[], options: ClusterSendOptions) =>
      answer(await clusterSend(texts, options, terminal, app)),
    );
  command('verdicts')
    .description('Print the published spam verdicts, one JSON line each.')
    .option('-f, --follow', 'wait for more, until Ctrl-C')
    .action(async (options: ClusterVerdictsOptions) => answer(await clusterVerdicts(options, terminal, app)));
  command('load')
    .description('Send synthetic messages at a steady rate, until Ctrl-C.')
    .option('--rate <number>', 'messages per second', rate, 200)
    .action(async (options: ClusterLoadOptions) => answer(await clusterLoad(options, terminal, app)));
}

const MOST = 50_000;

function rate(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > MOST)
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${MOST}.`);
  return value;
}
