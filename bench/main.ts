import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { exitCodeOf } from '../src/cli/exit-codes.ts';
import { describeError, SluiceError } from '../src/core/errors.ts';
import { turnOffTelemetry } from '../src/scoring/no-telemetry.ts';
import { type BenchOptions, defaultModels } from './harness/bench-options.ts';
import { duplicateRunCommand } from './harness/duplicate-run.ts';
import { Interrupted } from './harness/interruption.ts';
import { type BenchReport, machineFacts, reportMarkdown } from './report/bench-report.ts';
import { writeIntoReadme } from './report/readme-tables.ts';
import { apiLoadCommand } from './suites/api-load.ts';
import { attackBench } from './suites/attack.ts';
import { auditBench } from './suites/audit.ts';
import { auditCostBench } from './suites/audit-cost.ts';
import { changesBench } from './suites/changes.ts';
import { contentBench } from './suites/content.ts';
import { dedupeBench } from './suites/dedupe.ts';
import { deskBench } from './suites/desk.ts';
import { driftBench } from './suites/drift.ts';
import { engineBench } from './suites/engine.ts';
import { everydayPairsCommand } from './suites/everyday-pairs.ts';
import { gatesBench } from './suites/gates.ts';
import { kafkaBench } from './suites/kafka.ts';
import { labelsBench } from './suites/labels.ts';
import { latencyBench } from './suites/latency.ts';
import { lineBench } from './suites/line.ts';
import { loadCommand } from './suites/load.ts';
import { memoryBench } from './suites/memory.ts';
import { qualityBench } from './suites/quality.ts';
import { reasonsBench } from './suites/reasons.ts';
import { scaleBench } from './suites/scale.ts';
import { startBench } from './suites/start.ts';
import { trainBench } from './suites/train.ts';

const benches: Readonly<Record<string, (options: BenchOptions) => Promise<BenchReport>>> = {
  attack: attackBench,
  audit: auditBench,
  'audit-cost': auditCostBench,
  changes: changesBench,
  content: contentBench,
  dedupe: dedupeBench,
  desk: deskBench,
  drift: driftBench,
  engine: engineBench,
  gates: gatesBench,
  kafka: kafkaBench,
  labels: labelsBench,
  latency: latencyBench,
  line: lineBench,
  memory: memoryBench,
  quality: qualityBench,
  reasons: reasonsBench,
  scale: scaleBench,
  start: startBench,
  train: trainBench,
};

const help = `Measures Sluice. Usage: npm run bench -- NAME [options]

  attack   how much longer the pipeline's messages take while the API is under load; what hostile texts cost
  audit    how often the intervals of the audit sample hold the true rates, on simulated months; --runs N months (1000)
  audit-cost  what drawing the audit sample costs the daemon, in CPU time a message
  changes  how long until a threshold or model changed in ZooKeeper is active on two daemons under load
  content  how often the shipped model scores honest messages with links, numbers and prices as spam, by language,
           and how much spam padding hides; on testing parts (default --data: corpus:own)
  dedupe   how long the search for duplicates takes, its memory, and how many near-duplicates it finds; 100,000 and 1,000,000
           synthetic messages (default), or --messages N
  desk     how long 50 moderators wait for the next message and for a decision, on libsql and on MySQL
  drift    how often the watch for drift raises a false alarm in a month, and how long it takes to find planted drifts;
           simulated traffic, --runs N months (200)
  engine   how fast one thread scores, what early exit saves, whether it changes a verdict
  everyday-pairs  writes the table of everyday pairs of words that campaigns are compared with; measures nothing
  gates    how often "sluice retrain" promotes a model, by how good it is in truth; simulated scores, --runs N retrainings (2000)
  kafka    how fast the daemon is from a topic to durable verdict and commit, compared with a bare kafkajs consumer
           and, with --peer, consumers in Python, Spark and Java; starts its own broker
  labels   how good a model is after some decisions of a person, by what is asked (random, the first workflow, label next),
           and how many wrong labels "label suspects" finds; --data: labeled files, whose labels are hidden
  latency  how long from the time a message was due to its verdict, at 1,000 and 20,000 messages a second
  line     how fast the daemon is from file to verdict, compared with a Python loop with scikit-learn
  load     puts a load on your own cluster and measures the verdicts; see: npm run bench -- load --help
  memory   resident memory after 1, 5 and 10 million messages
  quality  how good the default profile is, trained from scratch and cross-validated on each file with both classes, and
           the shipped model on testing parts; continues where it was interrupted; needs --data
  reasons  how much CPU time the reasons of a score take, compared with the score itself
  scale    1 to 3 daemons in a group, 1 to 12 partitions, messages of 50 to 5,000 characters
  start    how long from the start of the process until the daemon is ready
  train    seconds and memory of sluice train at 10,000 to 1,000,000 messages; --messages: the largest size

  --model DIR        folder of models; the newest is used (default: native-models/default)
  --data FILE        labeled messages to draw the stream from, as for sluice evaluate --data; only the testing part
                     is used (quality: all of it); may be repeated (default: data sets of package registries)
  --messages N       number of messages: engine: compared (200000); line: per run (1500000);
                     reasons: of each kind (2000);
                     desk: open rows, with ten times as many decided (100000); memory: per step (1000000); kafka: on the topic (1000000);
                     latency and changes: at each rate (as many as in 30 and 60 s); scale: per case (100000)
  --runs N           runs of each (engine and start 5, attack, kafka, line and reasons 3, scale 1, quality 3 × five folds)
  --seeds N          labels: shuffles of each set (5)
  --profile NAME     train: the profile (default)
  --threads N        scoring threads of the daemon (attack, kafka, latency, line, memory, scale, changes; default: number of cores)
  --peer NAME        kafka: also run confluent-kafka, pyspark, java or all, by turns on the same topic; may be repeated;
                     default none (the first run of a peer downloads and trains what it needs: some minutes);
                     line: none leaves out its peer
  --json             the figures as one JSON document
  --write            also write the tables into bench/README.md; those with --data, or with peers of kafka,
                     have their own place there

Exit codes: 0; 1 early exit changed a verdict; 2 usage; 70 the bench failed; 130 kafka was ended by Ctrl-C.
`;

async function run(argv: readonly string[]): Promise<number> {
  // Before any peer is started, which inherits it.
  turnOffTelemetry();
  // Not of a machine of its own but of the cluster it is pointed at, so its options are others.
  if (argv[0] === 'load') return await loadCommand(argv.slice(1));
  // The process of `attack` that acts as the attacker's machine.
  if (argv[0] === 'api-load') return await apiLoadCommand();
  // The processes of `dedupe`, whose memory is measured.
  if (argv[0] === 'dedupe-run') return await duplicateRunCommand(argv[1]!);
  // Writes a source file and measures nothing.
  if (argv[0] === 'everyday-pairs') return await everydayPairsCommand();
  const { values, positionals } = parse(argv);
  const bench = benches[positionals[0] ?? ''];
  if (values.help || positionals.length === 0) {
    writeSync(1, help);
    return values.help ? 0 : 2;
  }
  if (bench === undefined || positionals.length > 1)
    throw new SluiceError(
      'USAGE',
      `there is no bench "${positionals.join(' ')}"; see: npm run bench -- --help`,
    );
  const machine = machineFacts();
  const messages = wholeNumber('messages', values.messages);
  const runs = wholeNumber('seeds', values.seeds) ?? wholeNumber('runs', values.runs);
  const threads = wholeNumber('threads', values.threads);
  const report = await bench({
    models: values.model ?? defaultModels(),
    data: values.data ?? [],
    ...(messages === undefined ? {} : { messages }),
    ...(runs === undefined ? {} : { runs }),
    ...(threads === undefined ? {} : { threads }),
    ...(values.profile === undefined ? {} : { profile: values.profile }),
    peers: values.peer ?? [],
    say: (text) => process.stderr.write(text),
  });
  const published = { ...report, command: commandOf(argv) };
  const markdown = reportMarkdown(published, machine);
  if (values.json) {
    const { name, command, configuration, goals, figures } = published;
    writeSync(1, `${JSON.stringify({ name, command, machine, configuration, goals, figures })}\n`);
  } else writeSync(1, markdown);
  if (values.write) await writeIntoReadme(tableOf(report.name, values), markdown);
  return report.verdictsChanged ? 1 : 0;
}

/** Which of the README's tables a run makes. `quality` and `labels` have no stream of their own: the files that they are given are all that they have. */
function tableOf(
  name: string,
  { data, peer = [] }: { readonly data?: string[] | undefined; readonly peer?: string[] | undefined },
): string {
  if (data !== undefined && name !== 'quality' && name !== 'labels') return `${name}-data`;
  return name === 'kafka' && peer.some((each) => each !== 'none') ? `${name}-peers` : name;
}

/** As it can be typed again, without the folders of this machine. */
function commandOf(argv: readonly string[]): string {
  const words = argv.filter((word) => word !== '--write' && word !== '--json');
  return ['npm run bench --', ...words.map((word) => word.replace(/^(--\w+=)?.*[/\\]/, '$1'))].join(' ');
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        model: { type: 'string' },
        data: { type: 'string', multiple: true },
        messages: { type: 'string' },
        runs: { type: 'string' },
        seeds: { type: 'string' },
        threads: { type: 'string' },
        profile: { type: 'string' },
        peer: { type: 'string', multiple: true },
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new SluiceError('USAGE', describeError(error));
  }
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new SluiceError('USAGE', `--${name} must be a whole number above 0`);
  return Number(text);
}

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof Interrupted) return 130;
  const usage = error instanceof SluiceError && error.code === 'USAGE';
  const text = error instanceof SluiceError ? `${error.code}: ${error.message}` : (error as Error).stack;
  process.stderr.write(`${text ?? describeError(error)}\n`);
  if (process.argv[2] === 'load' && error instanceof SluiceError) return exitCodeOf(error.code);
  return usage ? 2 : 70;
});
