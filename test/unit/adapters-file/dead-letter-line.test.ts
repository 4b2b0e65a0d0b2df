import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadLetterOfLine, lineOfDeadLetter } from '../../../src/adapters/file/dead-letter-line.ts';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';

const bytes = fc.uint8Array({ maxLength: 20 });
const headers = fc
  .array(fc.tuple(fc.oneof(fc.string(), fc.constant('__proto__')), fc.oneof(bytes, fc.array(bytes))))
  .map((entries) => Object.fromEntries(entries));
const letter: fc.Arbitrary<DeadLetter> = fc.record(
  {
    position: fc.record({ topic: fc.string(), partition: fc.nat(), offset: fc.nat() }),
    reason: fc.constant('not-json' as const),
    detail: fc.string(),
    bytes,
    key: bytes,
    timestamp: fc.nat(),
    headers,
  },
  { requiredKeys: ['position', 'reason', 'detail', 'bytes'] },
);

describe('a dead letter as a line', () => {
  it('a dead letter in a line is read with the same bytes, key, time and headers, even a header named __proto__', () => {
    fc.assert(
      fc.property(letter, (written) => {
        const line = lineOfDeadLetter(written, '2026-11-25T00:00:00.000Z');
        expect(line).not.toContain('\n');
        const { recordedAt, ...read } = deadLetterOfLine(line, 'line 1');
        expect(recordedAt).toBe(Date.UTC(2026, 10, 25));
        expect(lineOfDeadLetter(read, '2026-11-25T00:00:00.000Z')).toBe(line);
        expect(Object.entries(read.headers ?? {})).toEqual(Object.entries(written.headers ?? {}));
        expect({ ...read, headers: null }).toEqual({ ...written, headers: null });
        expect(Object.keys(read).sort()).toEqual(Object.keys(written).sort());
      }),
    );
  });

  it.each([
    { a: 1 },
    { a: null },
    { a: { b: 'YQ==' } },
    { a: [1] },
    { a: ['YQ==', 1] },
    { a: 'YQ==', b: 1 },
    [['YQ==']],
    'YQ==',
    1,
    null,
  ])(
    'a dead letter in a line with the headers %j is refused, because headers must be texts, or lists of texts, by name',
    (wrong) => {
      const line = { topic: 't', partition: 0, offset: 0, reason: 'not-json', detail: '', raw: '' };
      const withHeaders = (headers: unknown) => JSON.stringify({ ...line, headers });
      expect(() => deadLetterOfLine(withHeaders(wrong), 'line 1')).toThrow('line 1 is not a dead letter');
      expect(deadLetterOfLine(withHeaders({ a: ['YQ=='] }), 'line 1').headers).toEqual({
        a: [Uint8Array.of(97)],
      });
    },
  );

  it('a line that is not a dead letter is refused with its position, and without its content', () => {
    for (const line of [
      '{"raw":"c2VjcmV0"}',
      '{"secret',
      '"secret"',
      '{"topic":"secret","headers":{"a":1}}',
    ]) {
      const refusal = (() => {
        try {
          deadLetterOfLine(line, 'line 7 of a.jsonl');
          return new Error('none was thrown');
        } catch (error) {
          return error as Error;
        }
      })();
      expect(refusal).toMatchObject({ code: 'DATA_INVALID' });
      expect(refusal.cause).toBeUndefined();
      expect(String(refusal)).toContain('line 7 of a.jsonl');
      expect(String(refusal)).not.toMatch(/secret|c2VjcmV0/);
    }
  });
});
