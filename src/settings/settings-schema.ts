import { availableParallelism } from 'node:os';
import { z } from 'zod';
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

const source = z.strictObject({
  kind: knob(z.enum(['file']).default('file'), { description: 'Where messages come from.' }),
  startAt: knob(z.enum(['earliest', 'latest']).default('earliest'), {
    description: 'Where to begin in a stream that has no committed offset yet.',
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
    description: 'Batches dispatched and not settled; above it the source waits.',
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
  batch: z
    .strictObject({
      maxMessages: knob(z.number().int().min(1).max(65_536).default(4096), {
        description: 'A batch is full at this count.',
        unit: 'messages',
      }),
      maxAgeSeconds: knob(z.number().min(0.001).max(60).default(0.25), {
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
  pool: pool
    .prefault({})
    .transform((given) => ({ ...given, maxInFlight: given.maxInFlight ?? 2 * given.threads })),
  decide: decide.prefault({}),
  verdicts: z
    .strictObject({
      kind: knob(z.enum(['file']).default('file'), { description: 'Where verdicts on spam are told.' }),
      file: filePath('verdicts.jsonl', 'File of verdicts, one a line.'),
    })
    .prefault({}),
  deadLetters: z
    .strictObject({
      kind: knob(z.enum(['file']).default('file'), { description: 'Where messages go that cannot be read.' }),
      file: filePath('dead-letters.jsonl', 'File of dead letters, one a line.'),
    })
    .prefault({}),
  trace: knob(z.enum(['off', 'all']).default('off'), {
    description: '`all` writes one line per message read, whatever came of it: ids and outcome, no text.',
  }),
  traces: z
    .strictObject({ file: filePath('trace.jsonl', 'File of the trace, one message a line.') })
    .prefault({}),
  store: z
    .strictObject({
      kind: knob(z.enum(['libsql']).default('libsql'), {
        description: 'The database behind the review store.',
      }),
      libsql: filePath('sluice.db', 'File of the embedded database.'),
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
    })
    .prefault({}),
  drain: z
    .strictObject({
      deadlineSeconds: knob(z.number().min(1).max(3600).default(20), {
        description:
          'A stop that takes longer ends by SIGKILL of the own process; nothing is lost. Keep it below the time that systemd or Kubernetes grants.',
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
