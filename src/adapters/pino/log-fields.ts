import { printable } from '../../core/printable.ts';
import { errorFields } from './error-fields.ts';

/** Names under which the code keeps message text; should such a field be logged by mistake, its value stays out. */
const textNames: ReadonlySet<string> = new Set(['message', 'messages', 'text', 'fulltext', 'body', 'bytes']);

const deepest = 5;

/** The fields as they may be written: errors as plain objects, text and bytes left out, what is nested deep cut off. */
export function logFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return objectFields(fields, 0);
}

function objectFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      printable(name),
      textNames.has(name) && typeof value !== 'number' ? '[text]' : field(value, depth + 1),
    ]),
  );
}

function field(value: unknown, depth: number): unknown {
  if (value instanceof Error) return errorFields(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof URL)
    return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= deepest) return '[deep]';
  return Array.isArray(value) ? value.map((each) => field(each, depth + 1)) : objectFields(value, depth);
}
