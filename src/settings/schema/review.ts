import * as z from 'zod';
import { setting } from '../setting.ts';
import { topic, topicAllowed } from './shared.ts';

/** What people do in the review queue. */
export const review = z.strictObject({
  secondOpinionShare: setting(z.number().min(0).max(1).default(0.05), {
    description:
      'Share of decided messages that a second person answers without knowing the first answer, for the agreement between people; 0 for none.',
  }),
  reportsPerReporterHour: setting(z.number().int().min(1).max(100_000).default(60), {
    description: 'Messages that one person may report in an hour; more are refused.',
  }),
  reportsTopic: setting(topic.optional(), {
    description:
      'Kafka topic of reports of users, one JSON document each, as `POST /api/v1/reports` takes them; read by the consumer group `source.group` with `-reports` behind it. Without it, no topic is read.',
    allowed: topicAllowed,
  }),
  reopenReports: setting(z.number().int().min(0).max(1_000_000).default(3), {
    description:
      'A message that a person decided to be ham is in the queue again when so many people have reported it since; 0 for never.',
  }),
});
