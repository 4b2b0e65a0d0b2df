import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeError, SluiceError } from '../../src/core/errors.ts';
import { benchClient } from '../harness/bench-broker.ts';
import type { LatencyHistogram } from '../harness/latency-histogram.ts';
import { type LoadResult, runLoad } from '../harness/load-run.ts';
import { count, percent } from '../report/statistics.ts';

const help = `Puts a load on a cluster on which Sluice runs, and measures what comes back.
Usage: npm run bench -- load --brokers HOST:PORT,… [options]

  --brokers LIST           some of the brokers, with commas between
  --topic NAME             where messages go (chat-messages)
  --verdicts-topic NAME    where verdicts come from (spam-verdicts)
  --trace-topic NAME       where the trace comes from, followed if it is there (the topic, then -trace); none: not followed
  --group NAME             the daemons' consumer group, whose lag is measured (sluice)
  --rate N                 messages a second (1000)
  --seconds N              at that rate (60)
  --ramp N                 seconds before that in which the rate grows from 0; latencies count after it (5)
  --spam SHARE             share of spam, 0 to 1 (0.1)
  --length N               characters of each message, 20 to 50000 (as they are made: SMS)
  --wait N                 seconds that answers are awaited after the last message (10)
  --max-p99-ms N           exit with 1 when the 99th percentile from due to verdict is above it, or there is none
  --max-unanswered N       exit with 1 when more are not answered; a number, or a share such as 0.1%
  --tls, --ca FILE         speak TLS; who signed the brokers' certificates
  --sasl MECHANISM         plain, scram-sha-256 or scram-sha-512, with --username; the password is read from the
                           environment, SLUICE_KAFKA__SASL__PASSWORD
  --json                   the result as one JSON document

Messages are sent by a fixed schedule, and latency counts from when a message was due, sent late or not. Where the daemons
write a trace to Kafka (trace: all), each message is awaited. Without it only spam is answered, and spam that the model is
not sure of goes to review and counts as not answered; compare with a run at a low rate.

Exit codes: 0; 1 a limit was passed, or the cluster took not all; 2 usage; 69 the cluster can't be reached; 70 it failed.
`;

interface Limits {
  readonly p99Ms: number | undefined;
  readonly unanswered: { readonly most: number; readonly isShare: boolean } | undefined;
}

/** The load generator as a command. Answers its exit code. Throws `USAGE`, `SINK_FAILED`. */
export async function loadCommand(argv: readonly string[]): Promise<number> {
  const values = parse(argv);
  if (values.help) {
    writeSync(1, help);
    return 0;
  }
  if (values.brokers === undefined)
    throw usage('--brokers is missing; name some of the brokers: --brokers one:9092,two:9092');
  const brokers = values.brokers.split(',').map((each) => each.trim());
  if (!brokers.every((each) => /^[^\s,]+:\d{1,5}$/.test(each)))
    throw usage(`--brokers must be host:port, with commas between, not "${values.brokers}"`);
  const limits = limitsOf(values);
  const rate = number('rate', values.rate, 0.1, 1e6);
  const seconds = number('seconds', values.seconds, 1, 86_400);
  const rampSeconds = number('ramp', values.ramp, 0, 86_400);
  if (rate * (seconds + rampSeconds) > 5e8)
    throw usage('more than 500 million messages in one run are not kept track of; lower --rate or --seconds');
  const spamShare = number('spam', values.spam, 0, 1);
  const waitSeconds = number('wait', values.wait, 0, 3_600);
  const length = values.length === undefined ? undefined : number('length', values.length, 20, 50_000);
  if (values.topic === values['verdicts-topic'])
    throw usage('--topic and --verdicts-topic are the same; the verdicts have a topic of their own');
  const result = await runLoad({
    kafka: benchClient({ brokers, clientId: 'sluice-load', ...securityOf(values) }),
    topic: values.topic,
    verdictsTopic: values['verdicts-topic'],
    traceTopic: values['trace-topic'] ?? `${values.topic}-trace`,
    group: values.group,
    rate,
    seconds,
    rampSeconds,
    spamShare,
    ...(length === undefined ? {} : { length }),
    waitSeconds,
    say: (text) => process.stderr.write(text),
  });
  const passed = passedLimits(result, limits);
  writeSync(1, values.json ? `${JSON.stringify({ ...result, passed })}\n` : resultText(result, rate, passed));
  return passed.length > 0 ? 1 : 0;
}

/** What a pipeline should stop at, one sentence each. */
export function passedLimits(result: LoadResult, { p99Ms, unanswered }: Limits): string[] {
  const passed: string[] = [];
  if (result.failed > 0) passed.push(`the cluster did not take ${count(result.failed)} messages`);
  const p99 = result.verdicts.at(0.99);
  if (p99Ms !== undefined && !(p99 <= p99Ms))
    passed.push(
      Number.isNaN(p99)
        ? 'no verdict came; check that a daemon runs and what topics it is on'
        : `p99 to verdict is ${p99.toFixed(1)} ms, above ${p99Ms} ms`,
    );
  if (unanswered !== undefined) {
    const most = unanswered.isShare ? unanswered.most * result.expected : unanswered.most;
    if (result.unanswered > most)
      passed.push(
        `${count(result.unanswered)} of ${count(result.expected)} were not answered, more than ${count(most)}`,
      );
  }
  return passed;
}

function resultText(result: LoadResult, rate: number, passed: readonly string[]): string {
  const { sent, sentPerSecond, late, acknowledged, verdicts, outcomes, expected, unanswered } = result;
  const rows: [string, LatencyHistogram][] = [
    ['sent late', late],
    ['due to acknowledged', acknowledged],
    ['due to verdict', verdicts],
  ];
  if (outcomes !== undefined) rows.push(['due to outcome', outcomes]);
  const what = outcomes === undefined ? 'spam messages' : 'messages';
  return [
    `sent         ${count(sent)}, ${count(sentPerSecond)}/s in the mean, ${count(rate)}/s wanted after the ramp`,
    `lag          at most ${count(result.lagMost)}, ${count(result.lagAtEnd)} at the end`,
    `unanswered   ${count(unanswered)} of ${count(expected)} ${what} (${percent(unanswered / Math.max(1, expected), 2)})`,
    `duplicates   ${count(result.duplicates)} verdicts`,
    '',
    'ms                         p50       p90       p99     p99.9       max     number',
    ...rows.map(
      ([name, histogram]) =>
        name.padEnd(20) +
        [0.5, 0.9, 0.99, 0.999]
          .map((share) => milliseconds(histogram.at(share)))
          .concat(milliseconds(histogram.most))
          .map((text) => text.padStart(10))
          .join('') +
        count(histogram.count).padStart(11),
    ),
    ...passed.map((text) => `FAILED: ${text}`),
    '',
  ].join('\n');
}

function milliseconds(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(1);
}

type Values = ReturnType<typeof parse>;

function limitsOf(values: Values): Limits {
  const text = values['max-unanswered'];
  const isShare = text?.endsWith('%') ?? false;
  const most = text === undefined ? 0 : number('max-unanswered', text.replace(/%$/, ''), 0, 1e9);
  return {
    p99Ms:
      values['max-p99-ms'] === undefined ? undefined : number('max-p99-ms', values['max-p99-ms'], 0.01, 1e7),
    unanswered: text === undefined ? undefined : { most: isShare ? most / 100 : most, isShare },
  };
}

function securityOf(values: Values) {
  const tls = { enabled: values.tls || values.ca !== undefined, caFile: values.ca };
  const mechanism = values.sasl;
  if (mechanism === undefined) return { tls };
  if (mechanism !== 'plain' && mechanism !== 'scram-sha-256' && mechanism !== 'scram-sha-512')
    throw usage(`--sasl must be plain, scram-sha-256 or scram-sha-512, not "${mechanism}"`);
  const password = process.env.SLUICE_KAFKA__SASL__PASSWORD;
  if (values.username === undefined || password === undefined)
    throw usage('--sasl needs --username, and the password in the environment, SLUICE_KAFKA__SASL__PASSWORD');
  return { tls, sasl: { mechanism, username: values.username, password } } as const;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        brokers: { type: 'string' },
        topic: { type: 'string', default: 'chat-messages' },
        'verdicts-topic': { type: 'string', default: 'spam-verdicts' },
        'trace-topic': { type: 'string' },
        group: { type: 'string', default: 'sluice' },
        rate: { type: 'string', default: '1000' },
        seconds: { type: 'string', default: '60' },
        ramp: { type: 'string', default: '5' },
        spam: { type: 'string', default: '0.1' },
        length: { type: 'string' },
        wait: { type: 'string', default: '10' },
        'max-p99-ms': { type: 'string' },
        'max-unanswered': { type: 'string' },
        tls: { type: 'boolean', default: false },
        ca: { type: 'string' },
        sasl: { type: 'string' },
        username: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw usage(`${describeError(error)}; see: npm run bench -- load --help`);
  }
}

function number(name: string, text: string, least: number, most: number): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw usage(`--${name} must be a number from ${least} to ${most}, not "${text}"`);
  return value;
}

function usage(text: string): SluiceError {
  return new SluiceError('USAGE', text);
}
