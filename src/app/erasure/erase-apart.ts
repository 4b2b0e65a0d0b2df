import type { ErasureReport, ErasureSubject } from '../../core/erasure.ts';
import { describeError, type ErrorCode, SluiceError } from '../../core/errors.ts';
import type { ErasureRequest } from '../../ports/eraser.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { createLog } from '../create-log.ts';
import { eraserOf } from '../tasks/erase.ts';

/** Entry of the process that erases for a daemon or a console: one subject, then it ends. */

export interface EraseOrder {
  readonly settings: Settings;
  readonly subject: ErasureSubject;
  readonly request: ErasureRequest;
}

export type EraseReply =
  | { readonly report: ErasureReport }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly retriable: boolean } };

async function reply({ settings, subject, request }: EraseOrder): Promise<EraseReply> {
  try {
    const { level, format } = settings.log;
    const log = createLog({ level: level === 'info' ? 'warn' : level, format, destination: 'stderr' });
    return { report: await eraserOf(settings, log).erase(subject, request) };
  } catch (error) {
    const { code, retriable } =
      error instanceof SluiceError ? error : { code: 'INTERNAL' as const, retriable: false };
    return { error: { code, retriable, message: describeError(error) } };
  }
}

process.once('message', async (order: EraseOrder) => {
  const answer = await reply(order);
  // The process that asked may be gone; what was begun is done nevertheless.
  if (process.connected) process.send?.(answer, () => process.disconnect());
});
