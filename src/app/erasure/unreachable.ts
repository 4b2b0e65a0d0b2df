import type { ErasureReport } from '../../core/erasure.ts';
import type { Settings } from '../../settings/settings-schema.ts';

/** What may hold the text too and cannot be changed from here, by the settings. */
export function unreachableStores(settings: Settings): ErasureReport['unreachable'] {
  const { source, deadLetters, store } = settings;
  const topic =
    'until the retention of the topic ends (retention.ms, 7 days unless configured); to end it earlier, delete its records with kafka-delete-records';
  return [
    ...(source.kind === 'kafka' ? [{ what: `topic ${source.topic}`, retention: topic }] : []),
    ...(deadLetters.kind === 'kafka'
      ? [{ what: `topic ${deadLetters.topic ?? `${source.topic}-dlt`}`, retention: topic }]
      : []),
    ...(store.kind === 'mysql'
      ? [
          {
            what: 'binary log and undo log of the database server',
            retention:
              'the binary log until binlog_expire_logs_seconds (30 days unless configured); undo log and free pages until the server reuses them, or until OPTIMIZE TABLE writes the table again',
          },
        ]
      : []),
    {
      what: 'state folders of daemons on other machines',
      retention: 'run it on each of them, with the settings of that daemon',
    },
    {
      what: 'backups and snapshots, and blocks that the file system has freed',
      retention: 'as your backups are configured; erase again after restoring one',
    },
    {
      what: 'trained models',
      retention: 'a model holds weights of words, not messages; train again to leave the messages out',
    },
    {
      what: `data of a retraining that runs or was killed (${settings.retrain.run.folder}), and folders of "sluice dataset assemble"`,
      retention:
        'that of a retraining until it ends, or until the next one on that machine; the others until you remove them',
    },
    { what: 'exports, and files given to --data', retention: 'wherever they were copied to' },
    { what: 'logs', retention: 'they hold positions and ids, no text' },
  ];
}
