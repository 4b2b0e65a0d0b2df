import * as z from 'zod';
import { parseMessageJson } from './message-json.ts';

/** A string, or the whole number that means one, see `parseMessageJson`. */
const identifier = (text: z.ZodString) =>
  z.union([text, z.number().refine(Number.isSafeInteger).meta({ type: 'integer' })]);

/**
 * The message as it arrives (JSON, read by `parseMessageJson`). Unknown fields are allowed and ignored, and null in an optional
 * field means the same as leaving it out. Identity is (community, message_id).
 */
export const messageSchema = z.looseObject({
  message: z.string().describe('The text to score.'),
  message_id: identifier(z.string().min(1)).describe(
    'Unique within its community. A whole number means the string of its digits, as they are written.',
  ),
  community: z
    .string()
    .nullish()
    .describe('The site that the message was sent on; the empty string where left out.'),
  sender: identifier(z.string())
    .nullish()
    .describe('Who sent it, in the community’s own words. A whole number means the string of its digits.'),
  language: z
    .string()
    .nullish()
    .describe('BCP 47 tag of the text; else the community’s, else the model’s default.'),
  sent_at: z.union([z.string(), z.number()]).nullish().describe('RFC 3339, or epoch milliseconds.'),
});

export interface Message {
  readonly message: string;
  readonly message_id: string;
  readonly community: string;
  readonly sender?: string;
  readonly language?: string;
  readonly sent_at?: string | number;
}

/** Why a message could not be read. Each is a dead letter's reason and a label value of the metrics. */
export const unreadableReasons = [
  'empty',
  'too-large',
  'invalid-utf8',
  'not-json',
  'not-an-object',
  'missing-message',
  'missing-message-id',
  'wrong-type',
] as const;
export type UnreadableReason = (typeof unreadableReasons)[number];

export type ReadResult =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: UnreadableReason; readonly detail: string };

function unreadable(reason: UnreadableReason, detail: string): ReadResult {
  return { ok: false, reason, detail };
}

/** Only the position: the engine's own words quote the text, which must not get into logs. */
function whereJsonBreaks(error: SyntaxError): string {
  const position = /position (\d+)/.exec(error.message)?.[1];
  return position === undefined
    ? 'the text is not JSON'
    : `the text stops being JSON at position ${position}`;
}

/**
 * Reads one message from its JSON text. Written by hand because it runs once per message; a test holds it to
 * {@link messageSchema}. The caller has already checked size and encoding.
 */
export function readMessage(json: string): ReadResult {
  let value: unknown;
  try {
    value = parseMessageJson(json);
  } catch (error) {
    return json.trim() === ''
      ? unreadable('empty', 'the record has no content')
      : unreadable('not-json', whereJsonBreaks(error as SyntaxError));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return unreadable('not-an-object', 'expected an object with "message" and "message_id"');
  }
  const fields = value as Record<string, unknown>;
  const { message, message_id } = fields;
  // Serializers of many languages write null for what is not there.
  const community = fields.community ?? undefined;
  const sender = fields.sender ?? undefined;
  const language = fields.language ?? undefined;
  const sent_at = fields.sent_at ?? undefined;
  if (message === undefined) return unreadable('missing-message', 'there is no field "message"');
  if (message_id === undefined || message_id === '')
    return unreadable('missing-message-id', 'there is no field "message_id", or it is empty');
  if (typeof message !== 'string') return unreadable('wrong-type', '"message" is not a string');
  if (typeof message_id !== 'string')
    return unreadable('wrong-type', '"message_id" is neither a string nor a whole number');
  if (community !== undefined && typeof community !== 'string')
    return unreadable('wrong-type', '"community" is not a string');
  if (sender !== undefined && typeof sender !== 'string')
    return unreadable('wrong-type', '"sender" is neither a string nor a whole number');
  if (language !== undefined && typeof language !== 'string')
    return unreadable('wrong-type', '"language" is not a string');
  if (sent_at !== undefined && typeof sent_at !== 'string' && typeof sent_at !== 'number')
    return unreadable('wrong-type', '"sent_at" is neither a string nor a number');
  return {
    ok: true,
    message: {
      message,
      message_id,
      community: community ?? '',
      ...(sender === undefined ? {} : { sender }),
      ...(language === undefined ? {} : { language }),
      ...(sent_at === undefined ? {} : { sent_at }),
    },
  };
}
