import { describe, expect, it } from 'vitest';
import { formatOf, type InputFormat, readInputs } from '../../../src/cli/score-inputs.ts';

async function read(text: string | Uint8Array, format: InputFormat, chunk = 5): Promise<unknown[]> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const inputs: unknown[] = [];
  for await (const some of readInputs(chunks(), format, 1000))
    for (const { number, input } of some) {
      expect(number).toBeGreaterThan(inputs.length);
      inputs.push(
        'bytes' in input
          ? format === 'jsonl'
            ? String(Buffer.from(input.bytes))
            : JSON.parse(String(input.bytes))
          : input,
      );
    }
  return inputs;
}

describe('inputs to score', () => {
  it('inputs to score have the format of their file name', () => {
    expect(['a.csv', 'a.CSV', 'a.txt', 'a.jsonl', 'a', '-'].map(formatOf)).toEqual([
      'csv',
      'csv',
      'text',
      'jsonl',
      'jsonl',
      'jsonl',
    ]);
  });

  it('inputs to score in jsonl are the non-blank lines, unchanged', async () => {
    expect(await read('{"message": "a", "message_id": "1"}\n\nnot json\n', 'jsonl')).toEqual([
      '{"message": "a", "message_id": "1"}',
      'not json',
    ]);
  });

  it('inputs to score in text files are the non-blank lines, as messages with the line number as id', async () => {
    expect(await read('free "money"\n\ngrüße', 'text')).toEqual([
      { message: 'free "money"', message_id: '1' },
      { message: 'grüße', message_id: '3' },
    ]);
  });

  it('inputs to score in text files that are not UTF-8 are an error each, and affect no other line', async () => {
    const bytes = Buffer.concat([Buffer.from('one\n'), Buffer.from([0xff, 0xfe]), Buffer.from('\nthree\n')]);
    expect(await read(bytes, 'text')).toEqual([
      { message: 'one', message_id: '1' },
      { error: { code: 'invalid-utf8', message: 'the line is not UTF-8' } },
      { message: 'three', message_id: '3' },
    ]);
  });

  it.each([1, 3, 1000])(
    'inputs to score in CSV files are rows, with columns found by name, in chunks of %i bytes',
    async (chunk) => {
      const csv = '\ufeffID,Author,Text,language\r\nx1,me,"two\nlines, ""quoted""",de\r\n\r\n,you,grüße\r\n';
      expect(await read(csv, 'csv', chunk)).toEqual([
        { message: 'two\nlines, "quoted"', message_id: 'x1', language: 'de' },
        { message: 'grüße', message_id: '2' },
      ]);
    },
  );

  it('inputs to score in CSV files may be many in one chunk', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => `message ${index}`);
    const inputs = (await read(`text\n${rows.join('\n')}\n`, 'csv', 1_000_000)) as { message: string }[];
    expect(inputs.map(({ message }) => message)).toEqual(rows);
  });

  it('inputs to score in an invalid CSV file are refused without quoting it', async () => {
    for (const [text, code] of [
      ['', 'DATA_INVALID'],
      ['a,b\n1,2\n', 'DATA_INVALID'],
      ['text\n"never closed hunter2', 'DATA_INVALID'],
      ['text\nab"hunter2"c\n', 'DATA_INVALID'],
      [Buffer.from([0x74, 0x65, 0x78, 0x74, 0x0a, 0xff, 0x0a]), 'DATA_INVALID'],
    ] as const) {
      const error = await read(text, 'csv').catch((thrown: unknown) => thrown);
      expect(error, String(text)).toMatchObject({ code });
      expect(String(error)).not.toContain('hunter2');
    }
  });

  it('inputs to score in a CSV file with a quote that is never closed do not fill the memory', async () => {
    let chunks = 0;
    async function* endless() {
      yield Buffer.from('text\n"');
      for (; chunks < 1000; chunks++) yield Buffer.alloc(65_536, 'x');
    }
    const reading = (async () => {
      for await (const _ of readInputs(endless(), 'csv', 1000));
    })();
    await expect(reading).rejects.toMatchObject({ code: 'DATA_INVALID' });
    expect(chunks).toBeLessThan(100);
  });
});
