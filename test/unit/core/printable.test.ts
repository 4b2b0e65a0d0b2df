import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { processTerminal } from '../../../src/cli/process-terminal.ts';
import { printable } from '../../../src/core/printable.ts';

const anyText = fc.string({ unit: 'binary' });
/** By their Unicode categories: controls, direction, line and paragraph separators. */
const drives = /[\p{Bidi_Control}\u2028\u2029]|(?![\t\n])\p{Cc}/u;

afterEach(() => vi.restoreAllMocks());

describe('a printable text', () => {
  it('printable text contains no control character that affects a terminal, and everything else unchanged', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(drives);
        const rest = [...text].filter((character) => !drives.test(character));
        if (rest.length === [...text].length) expect(shown).toBe(text);
      }),
    );
    expect(printable('\u001b]0;title\u0007\u009b2J\u007f\u202eцена 5 €\t\n')).toBe(
      '\\u001b]0;title\\u0007\\u009b2J\\u007f\\u202eцена 5 €\t\n',
    );
  });

  it('printable text of a JSON document is the same document', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (document) => {
        const json = JSON.stringify(document);
        expect(JSON.parse(printable(json))).toEqual(JSON.parse(json));
      }),
    );
  });
});

describe('the output of a command', () => {
  it('the output of a command contains no control characters from messages, and stays the same JSON', async () => {
    const written = vi.spyOn(process.stdout, 'write').mockImplementation((_, done) => {
      (done as unknown as () => void)();
      return true;
    });
    const letter = { topic: 'in\u009b2J.jsonl', headers: { 'a\u001b[2J\u007f': 'eA==', b: '\u202e' } };
    await processTerminal().stdout.write(`${JSON.stringify(letter)}\n`);
    const text = String(written.mock.calls[0]![0]);
    expect(text).not.toMatch(drives);
    expect(JSON.parse(text)).toEqual(letter);
  });
});
