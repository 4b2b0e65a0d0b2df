import { parseMessageJson } from './message-json.ts';

/** What a stored message names itself as, with every text in it, also where it could not be scored. */
export interface StoredMessage {
  readonly sender?: string | null;
  readonly community?: string;
  readonly message_id?: string;
  readonly texts: readonly string[];
  readonly unreadable?: Uint8Array;
}

const decoder = new TextDecoder();

/** Reads a message as leniently as possible: what is wrong with it is no reason not to know whose it is. */
export function storedMessageOf(bytes: Uint8Array): StoredMessage {
  const json = decoder.decode(bytes);
  let value: unknown;
  try {
    value = parseMessageJson(json);
  } catch {
    return { texts: textsInBroken(json), unreadable: bytes };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { texts: textsIn(value), unreadable: bytes };
  const { message, sender, community, message_id } = value as Readonly<Record<string, unknown>>;
  return {
    ...(isNamed(sender) ? { sender: String(sender) } : {}),
    // Left out, it is the empty one.
    community: isNamed(community) ? String(community) : '',
    ...(isNamed(message_id) ? { message_id: String(message_id) } : {}),
    texts: textsIn(message ?? value),
  };
}

const messageField = /"message"\s*:\s*"((?:[^"\\]|\\.)*)/gs;
const anyField = /"\w+"\s*:/;

/** Of bytes that are no JSON: what the field of the text has, cut or not; or all of it where there are no fields. */
function textsInBroken(json: string): readonly string[] {
  const fields = [...json.matchAll(messageField)].map(([, content]) => content!);
  if (fields.length === 0) return anyField.test(json) ? [] : [json];
  return fields.map((content) => {
    try {
      return JSON.parse(`"${content}"`) as string;
    } catch {
      return content;
    }
  });
}

function isNamed(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** Every string in a JSON value, at whatever depth. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
