import * as z from 'zod';

/** What `GET /api/v1/events` sends: how one process is, once a second. The page imports the types. */

const verdictCounts = z.object({
  ham: z.number(),
  review: z.number(),
  spam: z.number(),
  dead_letters: z.number(),
});
export type VerdictCounts = z.infer<typeof verdictCounts>;

const partitionLag = z.object({
  topic: z.string().describe('Topic, or name of the file.'),
  partition: z.number().int(),
  lag: z.number(),
  seconds: z
    .number()
    .nullable()
    .describe('Age of the oldest message that is not committed; null where the source does not know.'),
});

const lagSchema = z.object({
  unit: z.enum(['messages', 'bytes']),
  total: z.number(),
  is_known: z
    .boolean()
    .describe('False where the source could not be asked; the figures are then the last known.'),
  age_seconds: z.number().describe('Since it was measured.'),
  partitions: z.array(partitionLag).describe('Those that are behind the most.'),
  others: z.object({ partitions: z.number().int(), lag: z.number() }).describe('All that are not listed.'),
});

/** Of a process that scores messages. */
const pipelineSchema = z.object({
  state: z.string(),
  mode: z.enum(['enforce', 'observe']),
  model_installed_at: z.number().int().nullable().describe('Epoch milliseconds.'),
  per_second: verdictCounts
    .nullable()
    .describe('Mean of the last five seconds; null until there are two measurements.'),
  since_start: verdictCounts.describe('A batch that is scored again counts again.'),
  latency: z
    .object({ p50: z.number(), p99: z.number(), seconds: z.number() })
    .nullable()
    .describe(
      'Seconds from the arrival of a message to its durable outcome, estimated as Prometheus does it, over the last so many `seconds`. Null where no message came.',
    ),
  lag: lagSchema,
  pool: z.object({
    threads: z.number().int(),
    wanted: z.number().int(),
    utilization: z.number().describe('Share of the time that the threads were scoring, 0 to 1.'),
    queued: z.number().int().describe('Batches that wait for a free thread.'),
    window_seconds: z.number().describe('How often threads, share and queue are measured.'),
  }),
  spool: z
    .object({ rows: z.number().int(), fullness: z.number().describe('0 to 1.') })
    .nullable()
    .describe('Review rows that wait on this disk for the database; null where the store needs no spool.'),
  dead_letters: z
    .array(z.object({ reason: z.string(), count: z.number().int() }))
    .describe('Since the start, reasons that occurred.'),
  blocked: z
    .array(z.object({ sink: z.string(), seconds: z.number() }))
    .describe('Sinks for which a batch waits.'),
});
export type PipelineFigures = z.infer<typeof pipelineSchema>;

const decidedSchema = z.object({ today: z.number().int(), last_hour: z.number().int() });

const queueSchema = z.object({
  open: z.number().int().describe('Rows that wait, those that somebody holds included.'),
  mine: decidedSchema.describe('Rows that the one who asks decided.'),
  team: decidedSchema,
  outbox: z.object({ rows: z.number().int(), oldest_seconds: z.number() }),
  campaigns: z
    .array(z.object({ id: z.number().int(), open: z.number().int() }))
    .nullable()
    .describe('Those with the most messages; null before they are known.'),
});

export const overviewEvent = z
  .object({
    at: z.number().int().describe('Epoch milliseconds by the clock of the server.'),
    process: z
      .enum(['daemon', 'console'])
      .describe('`console`: a process without a pipeline, `sluice console`.'),
    version: z.string(),
    uptime_seconds: z.number(),
    ready: z.boolean(),
    reasons: z.array(z.string()).describe('Why it is not ready, in words.'),
    model: z.string().nullable().describe('Version of the active model.'),
    outbox_published: z
      .enum(['here', 'by-daemon', 'not'])
      .describe(
        'Who publishes the verdicts of decisions: this process; a daemon, as only it may write the file of verdicts; or nobody, in mode `observe`.',
      ),
    pipeline: pipelineSchema
      .nullable()
      .describe('Null for `console`: the figures of daemons are at their own addresses and in Prometheus.'),
    queue: queueSchema.nullable().describe('Null while the database does not answer.'),
  })
  .meta({ id: 'OverviewEvent', description: 'How one process of Sluice is at this moment.' });
export type OverviewEvent = z.infer<typeof overviewEvent>;
