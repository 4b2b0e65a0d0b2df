import * as z from 'zod';
import { setting } from '../setting.ts';

/** What people do in the review queue. */
export const review = z.strictObject({
  secondOpinionShare: setting(z.number().min(0).max(1).default(0.05), {
    description:
      'Share of decided messages that a second person answers without knowing the first answer, for the agreement between people; 0 for none.',
  }),
});
