import type { Settings } from '../../settings/settings-schema.ts';
import { fileDeadLetters, fileSource, fileTraces, fileVerdicts } from './file-kinds.ts';
import { kafkaDeadLetters, kafkaSource, kafkaTraces, kafkaVerdicts } from './kafka-kinds.ts';
import type {
  DeadLetterSinkKind,
  ModelStoreKind,
  SourceKind,
  StoreKind,
  TraceSinkKind,
  VerdictSinkKind,
} from './kinds.ts';
import { folderModels, hdfsModels, s3Models } from './model-store-kinds.ts';
import { libsqlStore, mysqlStore } from './store-kinds.ts';

type Kind<Section extends 'source' | 'verdicts' | 'deadLetters' | 'traces' | 'store'> =
  Settings[Section]['kind'];

/**
 * The adapter behind each kind that the settings may name, by the section that names it. A kind that the schema allows and that
 * is missing here does not compile.
 */
export const adapters = {
  source: { file: fileSource, kafka: kafkaSource },
  verdicts: { file: fileVerdicts, kafka: kafkaVerdicts },
  deadLetters: { file: fileDeadLetters, kafka: kafkaDeadLetters },
  traces: { file: fileTraces, kafka: kafkaTraces },
  store: { libsql: libsqlStore, mysql: mysqlStore },
  models: { folder: folderModels, hdfs: hdfsModels, s3: s3Models },
} satisfies {
  readonly source: Record<Kind<'source'>, SourceKind>;
  readonly verdicts: Record<Kind<'verdicts'>, VerdictSinkKind>;
  readonly deadLetters: Record<Kind<'deadLetters'>, DeadLetterSinkKind>;
  readonly traces: Record<Kind<'traces'>, TraceSinkKind>;
  readonly store: Record<Kind<'store'>, StoreKind>;
  readonly models: Record<Settings['model']['store'], ModelStoreKind>;
};
