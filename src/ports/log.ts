/**
 * Structured logging. `warn`: unexpected, nothing lost. `error`: a human is needed. Message text never goes in here,
 * only ids, lengths and positions.
 */
export interface Log {
  debug(fields: Readonly<Record<string, unknown>>, text: string): void;
  info(fields: Readonly<Record<string, unknown>>, text: string): void;
  warn(fields: Readonly<Record<string, unknown>>, text: string): void;
  error(fields: Readonly<Record<string, unknown>>, text: string): void;
  child(component: string): Log;
}
