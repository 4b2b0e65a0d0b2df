import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { exactScoresModes } from '../core/decision-policy.ts';
import { modelVersionPattern } from '../core/model-manifest.ts';
import { knob } from './knob.ts';

/*
 * Every setting, on one page. The table in config/README.md, config/settings.schema.json, the names of the environment
 * and the checks are all made from here. An enum lists what works today and nothing else.
 */

const path = z.string().min(1);
const probability = z.number().min(0).max(1);
const port = z.number().int().min(0).max(65_535);
const host = z.string().min(1);
const language = z.string().regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/);

const topic = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/);
const topicAllowed = 'a topic: letters, digits, dots, underscores and dashes';

const source = z.strictObject({
  kind: knob(z.enum(['file', 'kafka']).default('file'), { description: 'Where messages come from.' }),
  startAt: knob(
    z.union([z.enum(['earliest', 'latest']), z.iso.datetime({ offset: true })]).default('earliest'),
    {
      description:
        'Where to begin in a stream that has no committed offset yet; a time where the source is Kafka.',
      allowed: '`earliest`, `latest`, or a time such as `2026-11-22T00:00:00Z`',
    },
  ),
  topic: knob(topic.default('chat-messages'), {
    description: 'Kafka topic of the messages.',
    allowed: topicAllowed,
  }),
  group: knob(z.string().min(1).max(249).default('sluice'), {
    description: 'Consumer group; daemons with the same one share the partitions.',
  }),
  concurrentPartitions: knob(z.number().int().min(1).max(1024).default(8), {
    description: 'Partitions of one fetch that are taken over at the same time.',
    unit: 'partitions',
  }),
  file: z
    .strictObject({
      inbox: knob(path.default('inbox'), {
        description:
          'Folder whose `*.jsonl` files are read, one message a line; what is appended is judged too.',
        place: 'state',
      }),
      demo: knob(z.enum(['none', 'spam-assassin']).default('none'), {
        description: 'What to lay into an empty inbox on the first start.',
      }),
    })
    .prefault({}),
});

const kafka = z.strictObject({
  brokers: knob(
    z
      .array(z.string().regex(/^[^\s,]+:\d{1,5}$/))
      .max(100)
      .default([]),
    {
      description: 'Some of the brokers, `host:port`; the others are learned from them.',
      allowed: 'a list such as `[one:9092, two:9092]`',
      defaultText: 'none',
    },
  ),
  clientId: knob(z.string().min(1).max(200).default('sluice'), {
    description: 'How the brokers name this client in their logs and quotas.',
  }),
  createTopics: knob(z.boolean().default(true), {
    description: 'Whether a topic that is missing is made.',
  }),
  partitions: knob(z.number().int().min(1).max(10_000).default(12), {
    description: 'Partitions of a topic that Sluice makes; so many daemons can share it.',
    unit: 'partitions',
  }),
  inflateLimitMebibytes: knob(z.number().int().min(1).max(1024).default(64), {
    description: 'A compressed batch that inflates to more is not opened; its messages are dead letters.',
    unit: 'MiB',
  }),
  tls: z
    .strictObject({
      enabled: knob(z.boolean().default(false), { description: 'Whether the brokers are spoken to by TLS.' }),
      caFile: knob(path.optional(), {
        description: 'PEM file of who signed the brokers’ certificates.',
        place: 'working-directory',
        defaultText: 'those that Node trusts',
      }),
      certificateFile: knob(path.optional(), {
        description: 'PEM file of the client’s own certificate, where the brokers ask for one.',
        place: 'working-directory',
        defaultText: 'none',
      }),
      keyFile: knob(path.optional(), {
        description: 'PEM file of the key of that certificate.',
        place: 'working-directory',
        defaultText: 'none',
      }),
    })
    .prefault({}),
  sasl: z
    .strictObject({
      mechanism: knob(z.enum(['none', 'plain', 'scram-sha-256', 'scram-sha-512']).default('none'), {
        description: 'How the client says who it is.',
      }),
      username: knob(z.string().min(1).optional(), { description: 'Its name.', defaultText: 'none' }),
      password: knob(z.string().min(1).optional(), {
        description: 'Its password.',
        secret: true,
        defaultText: 'none',
      }),
    })
    .prefault({}),
});

const pool = z.strictObject({
  threads: knob(
    z
      .number()
      .int()
      .min(1)
      .max(256)
      .default(() => availableParallelism()),
    { description: 'Threads that score. Each holds the whole model.', defaultText: 'number of cores' },
  ),
  maxInFlight: knob(z.number().int().min(1).max(4096).optional(), {
    description:
      'Batches that are scored or wait for a scoring thread at a time; above it nothing more is pulled. Of one partition, four times as many may wait for sinks.',
    unit: 'batches',
    defaultText: '2 × `pool.threads`',
  }),
});

const community = z.strictObject({
  rejectMin: knob(probability.optional(), {
    description: 'This community’s own `decide.rejectMin`.',
    live: true,
    defaultText: '`decide.rejectMin`',
  }),
  rejectMax: knob(probability.optional(), {
    description: 'This community’s own `decide.rejectMax`.',
    live: true,
    defaultText: '`decide.rejectMax`',
  }),
  language: knob(language.optional(), {
    description: 'Language of its messages, where a message does not say.',
    live: true,
    allowed: 'a language tag such as `en` or `de-AT`',
    defaultText: 'the model’s default',
  }),
});

const decide = z.strictObject({
  rejectMin: knob(probability.default(0.5), {
    description: 'Ham up to and including this probability of spam; above it, review.',
    live: true,
  }),
  rejectMax: knob(probability.default(0.7), {
    description: 'Review up to and including this probability of spam; above it, spam.',
    live: true,
  }),
  exactScores: knob(z.enum(exactScoresModes).default('notHam'), {
    description: 'Who gets an exact probability. The others get bounds, sooner; the verdict is the same.',
    live: true,
  }),
  communities: z.record(z.string().min(1), community).prefault({}),
});

const model = z.strictObject({
  store: knob(z.enum(['folder', 'hdfs']).default('folder'), {
    description:
      'Where models are kept: `model.localPath` itself, or HDFS, from where they are copied to it.',
  }),
  localPath: knob(path.default('native-models/default'), {
    description: 'Folder of models on this machine, one folder a version. Needed with `hdfs`.',
    place: 'package',
  }),
  version: knob(
    z
      .string()
      .regex(new RegExp(`^(?:active|latest)$|${modelVersionPattern.source}`))
      .default('active'),
    {
      description:
        'The model to judge with. `active`: the one that `sluice model activate` chose, or the newest where none was chosen.',
      live: true,
      allowed: '`active`, `latest`, or a version such as `20261101T120000Z-0123abcd`',
    },
  ),
  keepVersions: knob(z.number().int().min(2).max(100).default(3), {
    description: 'Copies of models from HDFS that stay on this machine: those that judged last.',
    unit: 'models',
  }),
  hdfs: z
    .strictObject({
      url: knob(
        z
          .string()
          .regex(/^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:,https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?)*$/)
          .optional(),
        {
          description: 'HTTP addresses of the NameNodes. Needed with `model.store: hdfs`.',
          allowed: 'addresses such as `http://namenode:9870`, with commas between',
        },
      ),
      path: knob(
        z
          .string()
          .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+$/)
          .optional(),
        {
          description: 'Folder of models in HDFS, one folder a version. Needed with `model.store: hdfs`.',
          allowed: 'an absolute path of letters, digits, `.`, `_` and `-`',
        },
      ),
      user: knob(
        z
          .string()
          .regex(/^[A-Za-z0-9._-]+$/)
          .default('sluice'),
        {
          description: 'Who Sluice is to HDFS.',
          allowed: 'a name of letters, digits, `.`, `_` and `-`',
        },
      ),
      deadlineSeconds: knob(z.number().min(0.1).max(600).default(10), {
        description: 'What HDFS has not answered by then has failed; transfers get more, by their size.',
        unit: 's',
      }),
    })
    .prefault({}),
  admission: z
    .strictObject({
      deadlineSeconds: knob(z.number().min(1).max(3600).default(60), {
        description: 'A model that has not scored its golden messages by then is refused.',
        unit: 's',
      }),
      maxMemoryMebibytes: knob(z.number().int().min(64).max(1_048_576).default(4096), {
        description: 'A model that takes more memory than this is refused.',
        unit: 'MiB',
      }),
    })
    .prefault({}),
});

const zookeeper = z.strictObject({
  hosts: knob(
    z
      .string()
      .regex(/^[A-Za-z0-9.-]+:\d{1,5}(?:,[A-Za-z0-9.-]+:\d{1,5})*$/)
      .optional(),
    {
      description: 'Servers of ZooKeeper. Where they are given, the settings that stand there are followed.',
      allowed: 'host:port, with commas between',
    },
  ),
  path: knob(
    z
      .string()
      .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+$/)
      .default('/sluice'),
    {
      description: 'Node of ZooKeeper below which the keys stand.',
      allowed: 'an absolute path of letters, digits, `.`, `_` and `-`',
    },
  ),
  auth: knob(
    z
      .string()
      .regex(/^[^:]+:.+$/)
      .optional(),
    { description: 'For nodes with a digest ACL.', allowed: 'user:password', secret: true },
  ),
  deadlineSeconds: knob(z.number().min(0.1).max(60).default(4), {
    description: 'What ZooKeeper has not answered by then has failed, and is asked anew.',
    unit: 's',
  }),
  pollSeconds: knob(z.number().min(0.1).max(3600).default(5), {
    description: 'How often all keys are read again, beside what ZooKeeper tells by itself.',
    unit: 's',
  }),
});

const http = z.strictObject({
  api: z
    .strictObject({
      enabled: knob(z.boolean().default(true), { description: 'Whether the API listens.' }),
      host: knob(host.default('127.0.0.1'), {
        description: 'Address of the API. Off loopback it needs `http.api.proxy`.',
      }),
      port: knob(port.default(8077), { description: 'Port of the API; 0 takes a free one.' }),
      proxy: knob(z.enum(['none', 'tls']).default('none'), {
        description: '`tls` states that a proxy stands in front which ends TLS and lets in whom it should.',
      }),
      trustedProxies: knob(
        z
          .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
          .max(100)
          .default(['127.0.0.0/8', '::1/128']),
        {
          description:
            'Proxies whose `X-Forwarded-For` is believed, with `http.api.proxy`. Other peers count as clients by their own address.',
          allowed: 'a list of addresses and networks such as `[10.0.0.0/8, 192.0.2.7]`',
        },
      ),
      bodyLimitBytes: knob(
        z
          .number()
          .int()
          .min(1024)
          .max(64 * 1024 * 1024)
          .default(1_048_576),
        { description: 'A longer request is refused with 413.', unit: 'bytes' },
      ),
      requestTimeoutSeconds: knob(z.number().min(1).max(600).default(30), {
        description: 'A request that has not arrived whole by then is cut.',
        unit: 's',
      }),
      rateLimitPerMinute: knob(z.number().int().min(1).max(10_000_000).default(6000), {
        description: 'Requests a client may make; above it, 429.',
        unit: 'requests/min',
      }),
    })
    .prefault({}),
  ops: z
    .strictObject({
      enabled: knob(z.boolean().default(true), { description: 'Whether probes and metrics listen.' }),
      host: knob(host.default('127.0.0.1'), { description: 'Address of probes and metrics.' }),
      port: knob(port.default(8078), { description: 'Port of probes and metrics; 0 takes a free one.' }),
    })
    .prefault({}),
});

const mysql = z.strictObject({
  host: knob(host.default('127.0.0.1'), { description: 'Host of the server.' }),
  port: knob(port.min(1).default(3306), { description: 'Port of the server.' }),
  database: knob(z.string().min(1).max(64).default('sluice'), {
    description: 'Name of the database; its tables are made where they are missing.',
  }),
  user: knob(z.string().min(1).default('sluice'), { description: 'Who to log in as.' }),
  password: knob(z.string().optional(), {
    description: 'The user’s password; best from the environment or a file.',
    secret: true,
    allowed: 'text',
  }),
  trainingTable: knob(
    z
      .string()
      .regex(/^[A-Za-z0-9_]{1,64}$/)
      .default('training'),
    {
      description: 'Name of the table of labelled messages; one that is there gets what it lacks.',
      allowed: '1 to 64 letters, digits and `_`',
    },
  ),
  poolSize: knob(z.number().int().min(1).max(64).default(4), {
    description: 'Connections at most.',
    unit: 'connections',
  }),
  deadlineSeconds: knob(z.number().min(0.1).max(300).default(5), {
    description: 'A statement, or the wait for a connection, that takes longer has failed.',
    unit: 's',
  }),
  allowPasswordWithoutTls: knob(z.boolean().default(false), {
    description:
      'Whether a password may be used with a server on another machine without TLS; who reads along can then try out passwords, and reads all rows.',
  }),
  serverPublicKey: knob(path.optional(), {
    description:
      'PEM file of the server’s RSA key, as MySQL keeps it in `public_key.pem`. Without TLS the password is encrypted for this key alone; where none is named, a server on another machine is not given a password that it could read.',
    allowed: 'a path',
    defaultText: 'none',
  }),
  tls: z
    .strictObject({
      mode: knob(z.enum(['off', 'verify-ca', 'verify-full']).default('off'), {
        description:
          'Whether to encrypt. `verify-ca` asks for a certificate of a known authority, `verify-full` also for the host’s name in it.',
      }),
      ca: knob(path.optional(), {
        description: 'PEM file of the authority.',
        allowed: 'a path',
        defaultText: 'the authorities that Node knows',
      }),
    })
    .prefault({}),
});

const spool = z.strictObject({
  path: knob(path.default('review-spool'), {
    description: 'Folder of what waits while MySQL is away.',
    place: 'state',
  }),
  maxMebibytes: knob(z.number().int().min(1).max(1_048_576).default(256), {
    description: 'When so much waits, the line stands until MySQL is back.',
    unit: 'MiB',
  }),
});

const filePath = (name: string, description: string) =>
  z.strictObject({ path: knob(path.default(name), { description, place: 'state' }) }).prefault({});

export const settingsSchema = z.strictObject({
  mode: knob(z.enum(['enforce', 'observe']).default('enforce'), {
    description: '`observe` judges and tells nobody: no verdicts, no review rows.',
  }),
  state: z
    .strictObject({
      path: knob(path.default('data'), {
        description: 'Folder of all that the daemon keeps: offsets, and every path whose default lies here.',
        place: 'working-directory',
      }),
    })
    .prefault({}),
  source: source.prefault({}),
  kafka: kafka.prefault({}),
  batch: z
    .strictObject({
      maxMessages: knob(z.number().int().min(1).max(65_536).default(4096), {
        description: 'A batch is full at this count.',
        unit: 'messages',
      }),
      maxAgeSeconds: knob(z.number().min(0.001).max(60).default(0.005), {
        description: 'A batch that is not full goes at this age.',
        unit: 's',
      }),
    })
    .prefault({}),
  messages: z
    .strictObject({
      maxBytes: knob(
        z
          .number()
          .int()
          .min(1024)
          .max(16 * 1024 * 1024)
          .default(65_536),
        { description: 'A message with more bytes of JSON is a dead letter.', unit: 'bytes', live: true },
      ),
    })
    .prefault({}),
  memory: z
    .strictObject({
      maxMebibytes: knob(z.number().int().min(16).max(1_048_576).default(256), {
        description:
          'What messages may occupy between the source and their outcome, over all partitions; above it nothing more is read.',
        unit: 'MiB',
      }),
    })
    .prefault({}),
  pool: pool
    .prefault({})
    .transform((given) => ({ ...given, maxInFlight: given.maxInFlight ?? 2 * given.threads })),
  decide: decide.prefault({}),
  verdicts: z
    .strictObject({
      kind: knob(z.enum(['file', 'kafka']).default('file'), {
        description: 'Where verdicts on spam are told.',
      }),
      topic: knob(
        z
          .string()
          .regex(/^(?!\.{1,2}$)(?:[A-Za-z0-9._-]|\{community\})+$/)
          .default('spam-verdicts'),
        {
          description:
            'Kafka topic of verdicts; with `{community}` in it, one for each community (see Topics by community).',
          allowed: `${topicAllowed}, and \`{community}\``,
        },
      ),
      maxCommunityTopics: knob(z.number().int().min(1).max(10_000).default(100), {
        description:
          'With `{community}` in `verdicts.topic`: so many topics of communities in the cluster at most; all further communities share one.',
        unit: 'topics',
      }),
      file: filePath('verdicts.jsonl', 'File of verdicts, one a line.'),
    })
    .prefault({}),
  deadLetters: z
    .strictObject({
      kind: knob(z.enum(['file', 'kafka']).default('file'), {
        description: 'Where messages go that cannot be read.',
      }),
      topic: knob(topic.optional(), {
        description: 'Kafka topic of dead letters.',
        allowed: topicAllowed,
        defaultText: '`source.topic`, then `-dlt`',
      }),
      file: filePath('dead-letters.jsonl', 'File of dead letters, one a line.'),
    })
    .prefault({}),
  refused: z
    .strictObject({
      file: filePath(
        'refused.jsonl',
        'File of records that a sink will never accept, such as one that Kafka finds too large in every form.',
      ),
    })
    .prefault({}),
  trace: knob(z.enum(['off', 'all']).default('off'), {
    description: '`all` writes one line per message read, whatever came of it: ids and outcome, no text.',
  }),
  traces: z
    .strictObject({
      kind: knob(z.enum(['file', 'kafka']).default('file'), { description: 'Where the trace is written.' }),
      topic: knob(topic.optional(), {
        description: 'Kafka topic of the trace.',
        allowed: topicAllowed,
        defaultText: '`source.topic`, then `-trace`',
      }),
      file: filePath('trace.jsonl', 'File of the trace, one message a line.'),
    })
    .prefault({}),
  store: z
    .strictObject({
      kind: knob(z.enum(['libsql', 'mysql']).default('libsql'), {
        description: 'The database behind the review store: embedded, or a MySQL or MariaDB server.',
      }),
      libsql: filePath('sluice.db', 'File of the embedded database.'),
      mysql: mysql.prefault({}),
      spool: spool.prefault({}),
    })
    .prefault({}),
  model: model.prefault({}),
  zookeeper: zookeeper.prefault({}),
  commit: z
    .strictObject({
      intervalSeconds: knob(z.number().min(0.01).max(300).default(1), {
        description: 'How often offsets are committed; what came after is judged again after a crash.',
        unit: 's',
      }),
      maxFailureSeconds: knob(z.number().min(1).max(86_400).default(60), {
        description:
          'When commits have failed for longer, nothing more is pulled until they work again; this limits what a restart scores again.',
        unit: 's',
      }),
    })
    .prefault({}),
  drain: z
    .strictObject({
      deadlineSeconds: knob(z.number().min(1).max(3600).default(20), {
        description:
          'Within this time a stop has ended. Sinks that do not accept what is in flight are given up before, with exit code 75; the last resort is SIGKILL of the own process. Nothing is lost. Keep it below the time that systemd or Kubernetes grants.',
        unit: 's',
      }),
    })
    .prefault({}),
  http: http.prefault({}),
  metrics: z
    .strictObject({
      process: knob(z.boolean().default(true), {
        description: 'Whether `nodejs_*` and `process_*` are among the metrics.',
      }),
      lagIntervalSeconds: knob(z.number().min(1).max(3600).default(15), {
        description: 'How often lag is measured.',
        unit: 's',
      }),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: knob(z.enum(['debug', 'info', 'warn', 'error']).default('info'), {
        description: 'The least severe lines that are written.',
      }),
      format: knob(z.enum(['json', 'pretty']).default('json'), {
        description: '`json` for machines, `pretty` for people.',
      }),
    })
    .prefault({}),
});

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** All settings, complete and valid; paths are absolute. */
export type Settings = DeepReadonly<z.output<typeof settingsSchema>>;
