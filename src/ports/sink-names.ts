/** The sinks of the pipeline, as logs, metrics and readiness name them; `refused` takes what another will never accept. */
export const sinkNames = ['verdicts', 'reviews', 'dead-letters', 'trace', 'refused'] as const;
export type SinkName = (typeof sinkNames)[number];

/** Sinks that may refuse a record for good. */
export const refusingSinks = ['verdicts', 'dead-letters', 'trace'] as const satisfies readonly SinkName[];
export type RefusingSink = (typeof refusingSinks)[number];
