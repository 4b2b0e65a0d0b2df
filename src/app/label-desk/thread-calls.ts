import type { RowLabel } from '../../core/decision.ts';
import { describeError, type ErrorCode, SluiceError } from '../../core/errors.ts';
import type { LabelRow } from '../../core/label-step.ts';
import type { LabelAnswer, LabelView } from '../../ports/label-desk.ts';
import type { Settings } from '../../settings/settings-schema.ts';

/** What the thread begins with. */
export interface LabelThreadData {
  readonly settings: Settings;
}

/** What people do, to the thread. */
export type LabelRequest = { readonly id: number; readonly who: string } & (
  | { readonly kind: 'next'; readonly again: boolean }
  | { readonly kind: 'answer'; readonly row: number; readonly answer: LabelAnswer }
  | { readonly kind: 'undo' }
  | { readonly kind: 'leave' }
);

/** What the thread asks of the process: it decides nothing and scores nothing itself. */
export type LabelCall = { readonly call: number } & (
  | {
      readonly kind: 'decide';
      readonly who: string;
      readonly label: RowLabel;
      readonly ids: readonly number[];
    }
  | { readonly kind: 'undo'; readonly who: string; readonly decision: number }
  | { readonly kind: 'score'; readonly rows: readonly LabelRow[] }
);

export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retriable: boolean;
}

/** From the thread: the answer to a request, or a call. */
export type OfThread =
  | { readonly id: number; readonly view: LabelView | null }
  | { readonly id: number; readonly error: SentError }
  | LabelCall;

/** To the thread: a request, or the answer to a call. */
export type ToThread =
  | LabelRequest
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: SentError };

export function sent(error: unknown): SentError {
  const { code, retriable } =
    error instanceof SluiceError ? error : { code: 'INTERNAL' as const, retriable: false };
  return { code, retriable, message: describeError(error) };
}

export function received({ code, message, retriable }: SentError): SluiceError {
  return new SluiceError(code, message, { retriable });
}
