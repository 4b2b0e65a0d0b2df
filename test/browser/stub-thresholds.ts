import type { FastifyInstance } from 'fastify';
import type {
  ChangedVerdictsAnswer,
  ThresholdsAnswer,
  ThresholdViewAnswer,
} from '../../src/http/threshold-schemas.ts';
import { hostileMessages } from './hostile-messages.ts';
import type { StubProblem } from './stub-desk.ts';

/** Thresholds in memory, with decided messages in two sources. */
export interface StubThresholds {
  view: ThresholdViewAnswer;
  changed: ChangedVerdictsAnswer;
  /** What was saved. */
  readonly saved: (ThresholdsAnswer & { readonly why: string })[];
  /** The problem that the next change is answered with. */
  refusal: StubProblem | undefined;
}

export function thresholdRoutes(app: FastifyInstance): StubThresholds {
  const state: StubThresholds = {
    view: {
      current: { reject_min: 0.5, reject_max: 0.7 },
      location: '/etc/sluice/sluice.yaml',
      model: '20261101T120000Z-0123abcd',
      complete: true,
      sources: [
        {
          ...{ source: 'audit', spam: 40, ham: 160 },
          bins: [
            { at: 0.1, spam: 1000, ham: 150_000 },
            { at: 0.6, spam: 1000, ham: 5000 },
            { at: 0.8, spam: 3000, ham: 3000 },
            { at: 1, spam: 35_000, ham: 2000 },
          ],
        },
        {
          ...{ source: 'review', spam: 300, ham: 200 },
          bins: [
            { at: 0.55, spam: 100, ham: 150 },
            { at: 0.65, spam: 200, ham: 50 },
          ],
        },
      ],
    },
    changed: {
      total: 60,
      items: hostileMessages.slice(0, 6).map(({ message }, at) => ({
        ...{ review_id: at + 1, community: 'chess', message, label: at % 2 === 0 ? 'spam' : 'ham' },
        ...{ probability: 0.75, before: 'spam', after: 'review' },
      })),
    },
    saved: [],
    refusal: undefined,
  };
  app.get('/api/v1/thresholds', async () => state.view);
  app.get('/api/v1/thresholds/changed', async () => state.changed);
  app.put('/api/v1/thresholds', async ({ body }) => {
    const { refusal } = state;
    state.refusal = undefined;
    if (refusal !== undefined) throw refusal;
    const { reject_min, reject_max, why } = body as ThresholdsAnswer & { why: string };
    state.saved.push({ reject_min, reject_max, why });
    state.view = { ...state.view, current: { reject_min, reject_max } };
    return { location: state.view.location, changed: true, recorded: true };
  });
  return state;
}
