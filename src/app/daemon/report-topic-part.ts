import { systemClock } from '../../pipeline/system-clock.ts';
import { ReportDesk } from '../../review/report-desk.ts';
import { ReportReader } from '../../review/report-reader.ts';
import type { BuiltPipeline } from '../open/build-pipeline.ts';
import type { DaemonContext } from './daemon-context.ts';
import { type DaemonPart, OpenedPart } from './part-list.ts';

/** Reads reports of users from the topic that `review.reportsTopic` names; none where it names none, and in a run with an end. */
export function reportTopicParts(
  { settings, once, log }: Pick<DaemonContext, 'settings' | 'once' | 'log'>,
  built: { readonly opened: Pick<BuiltPipeline, 'decisions'> },
): readonly DaemonPart[] {
  const { reportsPerReporterHour: perReporterHour, reopenReports, reportsTopic } = settings.review;
  if (once || reportsTopic === undefined) return [];
  const part = new OpenedPart(
    'the topic of reports',
    () => {
      const reader = new ReportReader({
        // Kafka's client is loaded only where it is used.
        open: async () => {
          const { openKafka } = await import('../open/open-kafka.ts');
          return await openKafka(settings, log.child('reports')).reports(reportsTopic);
        },
        desk: new ReportDesk(built.opened.decisions.reports, { perReporterHour, reopenReports }),
        clock: systemClock,
        log: log.child('reports'),
      });
      reader.start();
      return reader;
    },
    (reader) => reader.stop(),
  );
  return [part];
}
