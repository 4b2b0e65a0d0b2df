/** The sinks of the pipeline, as logs, metrics and readiness name them. */
export const sinkNames = ['verdicts', 'reviews', 'dead-letters', 'trace'] as const;
export type SinkName = (typeof sinkNames)[number];
