import fc from 'fast-check';
import type { IHeaders } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { copiedHeaders, headersToSend } from '../../../src/adapters/kafka/record-headers.ts';

/** As kafkajs gathers the headers of a record (src/protocol/recordBatch/record/v0/decoder.js). */
function gatheredByKafkajs(headers: readonly (readonly [name: string, value: Buffer])[]): IHeaders {
  const gathered: Record<string, unknown> = {};
  for (const [key, value] of headers) {
    const before = gathered[key];
    Object.defineProperty(gathered, key, {
      value: before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value],
      enumerable: true,
      configurable: true,
    });
  }
  return gathered as IHeaders;
}

const names = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'traceparent'),
  fc.string({ maxLength: 5 }),
);
const listed = fc.array(
  fc.tuple(
    names,
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  ),
  {
    maxLength: 8,
  },
);

describe('headers of a record', () => {
  it('headers of a record are copied and sent, whatever their names, even names of members that every object has', () => {
    fc.assert(
      fc.property(listed, (headers) => {
        const sent = headersToSend(copiedHeaders(gatheredByKafkajs(headers)));
        const found = Object.entries(sent).flatMap(([name, value]) =>
          [value].flat().map((each) => [name, (each as Buffer).toString('hex')]),
        );
        const expected = headers.map(([name, value]) => [name, value.toString('hex')]);
        const order = (a: readonly string[], b: readonly string[]) =>
          a[0]! < b[0]! ? -1 : a[0]! > b[0]! ? 1 : 0;
        expect([...found].sort(order)).toEqual([...expected].sort(order));
      }),
    );
  });

  it('headers of a record named __proto__ do not become the prototype of the headers', () => {
    const copied = copiedHeaders(gatheredByKafkajs([['__proto__', Buffer.from('x')]]))!;
    expect(Object.keys(copied)).toEqual(['__proto__']);
    expect(copied.anything).toBeUndefined();
    expect(copied.length).toBeUndefined();
  });

  it('headers of a record are left out if the caller names them', () => {
    const sent = headersToSend({ a: Buffer.from('1'), b: Buffer.from('2') }, (name) => name === 'a');
    expect(Object.keys(sent)).toEqual(['b']);
  });

  it('headers of a record are bytes, whether the client gives text or bytes, one value or several, or none', () => {
    const bytes = (text: string) => Uint8Array.from(Buffer.from(text));
    const inherited = Object as unknown as Buffer;
    expect({
      ...copiedHeaders({
        text: 'é',
        bytes: Buffer.from('b'),
        nothing: undefined,
        several: ['é', Buffer.from('b')],
        ...{ one: [Buffer.from('b'), inherited], withNull: ['a', null as unknown as string] },
      }),
    }).toEqual({
      text: bytes('é'),
      bytes: bytes('b'),
      nothing: bytes(''),
      several: [bytes('é'), bytes('b')],
      one: bytes('b'),
      withNull: [bytes('a'), bytes('')],
    });
    expect([copiedHeaders(undefined), copiedHeaders({})]).toEqual([undefined, undefined]);
    expect(Object.keys(headersToSend(undefined))).toEqual([]);
  });
});
