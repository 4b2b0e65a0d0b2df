import * as z from 'zod';

export { reportBody } from '../review/report-body.ts';

export const reportAnswer = z
  .object({
    state: z
      .enum(['open', 'decided', 'erased'])
      .describe(
        '`open`: a person will look at it. `decided`: a person did, and it stays so. `erased`: its text was erased and is not stored again.',
      ),
    counted: z.boolean().describe('False if the same person had reported the message before.'),
  })
  .meta({ id: 'Report', description: 'What becomes of a report.' });
