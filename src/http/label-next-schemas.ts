import * as z from 'zod';
import { labelAnswers, QUESTION_SECONDS } from '../ports/label-desk.ts';

/** `POST /api/v1/training/next`; no body is as good as an empty one. */
export const labelNextBody = z
  .object({
    again: z.boolean().default(false).describe('Read the table again where nothing was left to ask.'),
  })
  .nullish();

/** `POST /api/v1/training/next/answers`. */
export const labelAnswerBody = z.object({
  row: z.number().int().positive().describe('`row` of the question that is answered.'),
  answer: z.enum(labelAnswers).describe('`skip` labels nothing, and the message is not asked again.'),
});

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

const question = z.object({
  row: z.number().int(),
  message: z.string(),
  community: z.string(),
  source: z.string(),
  reason: z
    .enum(['new-kind', 'uncertain', 'again'])
    .describe('Nothing like it was asked; the model is unsure; it is asked again after an undo.'),
  probability: share.describe('That it is spam, by what is known so far.'),
  rows: count.describe('Rows that the answer labels: it, those with the same text, and near-duplicates.'),
  labeled: z
    .object({ spam: count, ham: count })
    .describe(
      'Labels that people gave to near-duplicates. Where both are above 0, the answer labels rows with the same text alone.',
    ),
});

export const labelNextAnswer = z
  .object({
    phase: z
      .enum(['loading', 'asking', 'finished'])
      .describe(
        '`loading`: the table is being read; ask again in a second. `finished`: nothing is left to ask.',
      ),
    rows_read: count.describe('Of the table, while it is being read.'),
    texts: count.describe('Different unlabeled texts that were there to choose among.'),
    question: question
      .nullable()
      .describe(
        `Nobody else gets it for ${QUESTION_SECONDS} seconds from now; another call holds it further.`,
      ),
    labeled_rows: count
      .nullable()
      .describe('Rows that the answer labeled; 0 where somebody had labeled them. Null after other calls.'),
    undoable: count.describe('Answers of yours that can be taken back here.'),
    answers: count.describe('Labels of people that the model has learned.'),
    quality: z
      .object({ mcc: z.number(), low: z.number(), high: z.number() })
      .nullable()
      .describe(
        'Matthews correlation on labels that the model had not seen, with a 95 % interval; null where a class has fewer than five.',
      ),
    settled: z.boolean().describe('More answers hardly change the model.'),
    uses_model: z.boolean().describe('Whether the active model says what looks like spam at first.'),
  })
  .meta({ id: 'LabelNext', description: 'A message to label, and what is known so far.' });
export type LabelNextAnswer = z.infer<typeof labelNextAnswer>;
