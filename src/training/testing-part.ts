import { createHash } from 'node:crypto';
import { textKey as testingKey } from '../text/similarity/text-key.ts';

export { testingKey };

/** One message in five is for testing. */
const TESTING_SHARE = 5;

/**
 * Whether a message is for testing, for ever: decided by a stable hash of its group (conversation, video) where it has
 * one, else of its {@link testingKey}. No model may be trained on a message of which this says true.
 */
export function isForTesting(message: { readonly text: string; readonly group?: string }): boolean {
  const decidedBy = message.group === undefined ? testingKey(message.text) : `group:${message.group}`;
  return createHash('sha256').update(decidedBy).digest().readUInt32BE(0) % TESTING_SHARE === 0;
}

/** One message of the training part in four is not cut into pieces. */
const WINDOW_SHARE = 4;

/** Whether windows are fitted to a message of the training part; base models then see it as a whole only, not its pieces. */
export function isForWindows(message: { readonly text: string; readonly group?: string }): boolean {
  const decidedBy = message.group === undefined ? testingKey(message.text) : `group:${message.group}`;
  return createHash('sha256').update(decidedBy).digest().readUInt32BE(4) % WINDOW_SHARE === 0;
}
