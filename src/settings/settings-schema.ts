import * as z from 'zod';
import { audit } from './schema/audit.ts';
import { consoleSettings } from './schema/console.ts';
import { decide } from './schema/decide.ts';
import { drift } from './schema/drift.ts';
import { guard } from './schema/guard.ts';
import { http } from './schema/http.ts';
import { kafka } from './schema/kafka.ts';
import { label } from './schema/label.ts';
import { model } from './schema/model.ts';
import { log, metrics, retention, state } from './schema/operation.ts';
import { batch, commit, drain, memory, messages, pool } from './schema/pipeline.ts';
import { retrain } from './schema/retrain.ts';
import { review } from './schema/review.ts';
import { shadow } from './schema/shadow.ts';
import { deadLetters, refused, traces, verdicts } from './schema/sinks.ts';
import { source } from './schema/source.ts';
import { store } from './schema/store.ts';
import { zookeeper } from './schema/zookeeper.ts';
import { setting } from './setting.ts';

/**
 * Every setting. The table in config/README.md, config/settings.schema.json, the names of environment variables and all
 * checks are derived from it. An enumeration lists what works today and nothing else.
 */
export const settingsSchema = z.strictObject({
  mode: setting(z.enum(['enforce', 'observe']).default('enforce'), {
    description: '`observe` scores without effect: no verdicts are published and no review rows written.',
  }),
  state: state.prefault({}),
  source: source.prefault({}),
  kafka: kafka.prefault({}),
  batch: batch.prefault({}),
  messages: messages.prefault({}),
  memory: memory.prefault({}),
  pool: pool
    .prefault({})
    .transform((given) => ({ ...given, maxInFlight: given.maxInFlight ?? 2 * given.threads })),
  decide: decide.prefault({}),
  audit: audit.prefault({}),
  verdicts: verdicts.prefault({}),
  deadLetters: deadLetters.prefault({}),
  refused: refused.prefault({}),
  trace: setting(z.enum(['off', 'all']).default('off'), {
    description: 'Outcome log. `all` writes one line per message: ids and outcome, no text.',
  }),
  traces: traces.prefault({}),
  store: store.prefault({}),
  retention: retention.prefault({}),
  model: model.prefault({}),
  zookeeper: zookeeper.prefault({}),
  commit: commit.prefault({}),
  drain: drain.prefault({}),
  http: http.prefault({}),
  console: consoleSettings.prefault({}),
  review: review.prefault({}),
  label: label.prefault({}),
  retrain: retrain.prefault({}),
  shadow: shadow.prefault({}),
  guard: guard.prefault({}),
  drift: drift.prefault({}),
  metrics: metrics.prefault({}),
  log: log.prefault({}),
});

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** All settings, complete and valid; paths are absolute. */
export type Settings = DeepReadonly<z.output<typeof settingsSchema>>;
