const stringFields = ['message', 'message_id', 'community', 'sender', 'language'] as const;

/**
 * The message as the record that the scorer reads. Only the fields that it knows go in, and what cannot be their value
 * goes in as null, which it reports as of the wrong type: writing out unknown values, nested as deep as a body allows,
 * would overflow the stack.
 */
export function recordOf(message: unknown): Uint8Array {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return Buffer.from('null');
  const fields = message as Readonly<Record<string, unknown>>;
  const record: Record<string, unknown> = {};
  for (const name of stringFields) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value !== undefined) record[name] = typeof value === 'string' ? value : null;
  }
  const sentAt = Object.hasOwn(fields, 'sent_at') ? fields.sent_at : undefined;
  if (sentAt !== undefined)
    record.sent_at = typeof sentAt === 'string' || typeof sentAt === 'number' ? sentAt : null;
  return Buffer.from(JSON.stringify(record));
}
