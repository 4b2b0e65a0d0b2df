/**
 * Whether an error only says that it is too soon: a broker or a coordinator that starts, a group that is being made. A topic
 * that is missing counts as retriable with kafkajs, and does not come by waiting.
 */
export function asksForPatience(thrown: unknown): boolean {
  let at = thrown;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  const { retriable, type } = (at ?? {}) as { readonly retriable?: boolean; readonly type?: string };
  return retriable === true && type !== 'UNKNOWN_TOPIC_OR_PARTITION';
}
