import type { ReviewOrder } from '../../ports/decision-store.ts';
import type { ReviewOrigin, ReviewState } from '../../ports/review-store.ts';

/** Values of filters, in the order in which they are offered. */
export const reviewOrders = [
  'uncertainty',
  'age',
  'audit',
  'campaign',
  'reports',
] as const satisfies readonly ReviewOrder[];
export const reviewOrigins = [
  'band',
  'audit',
  'unscorable',
  'report',
] as const satisfies readonly ReviewOrigin[];
export const reviewStates = [
  'open',
  'leased',
  'labelled',
  'erased',
] as const satisfies readonly ReviewState[];
