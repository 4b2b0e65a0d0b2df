import type { BuiltPipeline } from '../open/build-pipeline.ts';
import type { DaemonContext } from './daemon-context.ts';
import { measureReviews } from './measure-reviews.ts';
import { OpenedPart } from './part-list.ts';

/** Measures the review queue while the daemon runs. */
export function reviewQueuePart(
  { telemetry, log }: DaemonContext,
  built: OpenedPart<BuiltPipeline>,
): OpenedPart<ReturnType<typeof measureReviews>> {
  return new OpenedPart(
    'the measurements of the review queue',
    () => measureReviews({ reviews: built.opened.reviews, telemetry, log }),
    (measuring) => measuring.stop(),
  );
}
