import * as z from 'zod';
import { SluiceError } from './errors.ts';

export const subjectKinds = ['sender', 'message'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** Whose text is erased: all of a sender's, in one community or in all of them, or one message's. */
export type ErasureSubject =
  | { readonly kind: 'sender'; readonly sender: string; readonly community?: string }
  | { readonly kind: 'message'; readonly community: string; readonly message_id: string };

/** What identifies a message. */
export interface MessageIdentity {
  readonly community: string;
  readonly message_id: string;
}

/**
 * The subject that a command or a route names. The id of a message is COMMUNITY/ID, divided at its first slash (`/ID` where the
 * community is empty), or ID alone where `community` is given. Throws `USAGE`.
 */
export function subjectOf(kind: SubjectKind, id: string, community?: string): ErasureSubject {
  if (kind === 'sender') {
    if (id === '') throw new SluiceError('USAGE', 'the sender is empty; name whose messages to erase');
    return { kind, sender: id, ...(community === undefined ? {} : { community }) };
  }
  const slash = id.indexOf('/');
  const whole = community !== undefined;
  if (!whole && slash === -1)
    throw new SluiceError(
      'USAGE',
      `a message is named as COMMUNITY/ID, or /ID without a community, not ${id}`,
    );
  const message_id = whole ? id : id.slice(slash + 1);
  if (message_id === '') throw new SluiceError('USAGE', 'the id of the message is empty');
  return { kind, community: whole ? community : id.slice(0, slash), message_id };
}

/** The subject as one text, for a hash: the activity log must not name the person. */
export function subjectText(subject: ErasureSubject): string {
  return JSON.stringify(
    subject.kind === 'sender'
      ? [subject.kind, subject.sender, subject.community ?? null]
      : [subject.kind, subject.community, subject.message_id],
  );
}

/** One store in the proof. */
export const erasedStoreSchema = z.object({
  store: z.string(),
  location: z.string(),
  removed: z.number().int().describe('Records whose text was removed, or would be by a dry run.'),
  bytes: z.number().int().describe('Bytes that were scanned afterwards.'),
  found: z.number().int().describe('Records and occurrences of the erased texts that remain.'),
  note: z.string().optional().describe('What is to be done, or what stays and why.'),
});
export type ErasedStore = z.infer<typeof erasedStoreSchema>;

/** What an erasure did, and the proof of it. Contains no text and no name. */
export const erasureReportSchema = z.object({
  subject_sha256: z.string(),
  dry_run: z.boolean(),
  complete: z.boolean().describe('Whether nothing was found afterwards.'),
  texts: z.number().int().describe('Different texts that were erased and searched for.'),
  too_short: z
    .number()
    .int()
    .describe('Of these, texts too short to be found by their bytes; their records are gone.'),
  stores: z.array(erasedStoreSchema),
  unreachable: z.array(
    z.object({ what: z.string(), retention: z.string().describe('How long it is kept, and what to do.') }),
  ),
});
export type ErasureReport = z.infer<typeof erasureReportSchema>;
