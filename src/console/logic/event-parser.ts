export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** Longer than any event that is sent: what has no end by then is none. */
const MOST_CHARACTERS = 1_000_000;

/** Takes the text of server-sent events apart, in whatever pieces it comes. Comments, ids and pauses are left out. */
export class EventParser {
  #rest = '';

  /** The events that are whole with this piece. Throws `RangeError` for an event without an end. */
  push(piece: string): readonly ServerEvent[] {
    const texts = (this.#rest + piece).split(/\r?\n\r?\n/);
    this.#rest = texts.pop() ?? '';
    if (this.#rest.length > MOST_CHARACTERS) throw new RangeError('an event has no end');
    return texts.flatMap((text) => {
      const lines = text.split(/\r?\n/);
      const of = (field: string) =>
        lines
          .filter((line) => line.startsWith(`${field}:`))
          .map((line) => line.slice(field.length + 1).replace(/^ /, ''));
      const data = of('data');
      return data.length === 0 ? [] : [{ name: of('event').at(-1) ?? 'message', data: data.join('\n') }];
    });
  }
}
