import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createLog, type LogOptions } from '../../../src/adapters/pino/pino-log.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { Log } from '../../../src/ports/log.ts';

function logging(options: Partial<LogOptions> = {}): { readonly log: Log; readonly written: () => string } {
  let written = '';
  const destination = {
    write(line: string) {
      written += line;
    },
  };
  return {
    log: createLog({ level: 'info', format: 'json', destination, ...options }),
    written: () => written,
  };
}

function lines(written: string): readonly Record<string, unknown>[] {
  return written
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a line', () => {
  test('a log line is one JSON object with time, level, component, text and the fields', () => {
    const { log, written } = logging();
    log.child('pipeline').warn({ batches: 3 }, 'batch sent again');
    const [line] = lines(written());
    expect(line).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'warn',
      component: 'pipeline',
      batches: 3,
      msg: 'batch sent again',
    });
  });

  test('a log line is written before the call returns', () => {
    const { log, written } = logging();
    log.error({}, 'last words');
    expect(written()).toContain('last words');
  });

  test('a log line below the configured level is not written, and no line is when the log is silent', () => {
    const { log, written } = logging({ level: 'warn' });
    log.debug({}, 'd');
    log.info({}, 'i');
    log.warn({}, 'w');
    log.error({}, 'e');
    expect(lines(written()).map((line) => line.level)).toEqual(['warn', 'error']);
    const silent = logging({ level: 'silent' });
    silent.log.error({}, 'e');
    expect(silent.written()).toBe('');
  });

  test('a log line for people contains level, component and text, without colors if there is no terminal', async () => {
    let written = '';
    const destination = new Writable({
      write(chunk, _encoding, done) {
        written += String(chunk);
        done();
      },
    });
    const { log } = logging({ format: 'pretty', destination: destination as never });
    log.child('source').info({ partition: 7 }, 'file opened');
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toContain('INFO');
    expect(written).toContain('file opened');
    expect(written).toContain('partition: 7');
    expect(written).not.toContain('\u001b[');
  });
});

describe('what a message brought', () => {
  // An escape character, the same as one C1 character, delete, and what turns the direction.
  const id = '\u001b]0;x\u0007\u009b2J\u007f\u202eid';
  const commands = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;

  test.each(['json', 'pretty'] as const)(
    'a log line escapes control characters that a message contained in an id, a header name, the text or an error: %s',
    async (format) => {
      let written = '';
      const destination = new Writable({
        write(chunk, _encoding, done) {
          written += String(chunk);
          done();
        },
      });
      const { log } = logging({ format, destination: destination as never });
      log.child(id).warn({ id, [id]: 1, nested: { [id]: [id] }, error: new Error(id) }, `of ${id}`);
      await new Promise((resolve) => setImmediate(resolve));
      expect(written).toContain('2J');
      expect(written).not.toMatch(commands);
    },
  );

  test('a log line reaches the formatter for terminals, which adds colors, without control characters from messages', () => {
    const { log, written } = logging();
    log.info({ [id]: 1 }, id);
    const [line] = lines(written());
    expect(line!.msg).not.toMatch(commands);
    expect(Object.keys(line!).join()).not.toMatch(commands);
  });
});

describe('an error', () => {
  test('a logged error has code, message, stack frames and causes', () => {
    const { log, written } = logging();
    const cause = new Error('ENOSPC: no space left');
    log.error({ error: new SluiceError('SINK_FAILED', 'verdicts cannot be written', { cause }) }, 'stopping');
    const [line] = lines(written());
    expect(line).toMatchObject({
      error: {
        type: 'SluiceError',
        code: 'SINK_FAILED',
        message: 'verdicts cannot be written',
        cause: { type: 'Error', message: 'ENOSPC: no space left' },
      },
    });
    expect((line!.error as { stack: string }).stack).toMatch(/^at .*pino-log\.test\.ts/);
  });

  test('a logged error that is its own cause does not loop', () => {
    const { log, written } = logging();
    const error = new Error('round');
    error.cause = error;
    log.error({ err: error }, 'stopping');
    expect(lines(written())).toHaveLength(1);
  });

  test('a logged error may be any thrown value', () => {
    const { log, written } = logging();
    log.error({ error: 'a string' }, 'x');
    log.error({ error: undefined }, 'y');
    log.error({ reason: new Error('under another name') }, 'z');
    expect(lines(written())).toHaveLength(3);
    expect(written()).toContain('under another name');
  });
});

describe('the text of a message', () => {
  const text = 'WIN a prize, call 0900';

  test('the log leaves out the text of a message that a field contains by mistake', () => {
    const { log, written } = logging();
    const item = {
      message: { text },
      text,
      fulltext: text,
      body: text,
      bytes: Buffer.from(text),
      messages: [text],
    };
    log.info({ ...item, item }, 'odd');
    log.info({ message: text }, 'odd');
    log.info({ batch: [{ at: 1, raw: Buffer.from(text), inner: [{ text }] }] }, 'odd');
    log.child('x').info({ text }, 'odd');
    expect(written()).not.toContain('prize');
    expect(lines(written())[1]).toMatchObject({ message: '[text]', msg: 'odd' });
  });

  test('the log leaves out the texts of messages, but not their number', () => {
    const { log, written } = logging();
    log.info({ messages: 12, bytes: 3400 }, 'batch');
    expect(lines(written())[0]).toMatchObject({ messages: 12, bytes: 3400 });
  });

  test('the log leaves out the text of a message that the error of a JSON parser quotes, also as a cause', () => {
    const { log, written } = logging();
    let thrown: unknown;
    try {
      JSON.parse(text);
    } catch (error) {
      thrown = error;
    }
    expect(String(thrown)).toContain('WIN');
    log.error({ error: thrown }, 'odd');
    log.error({ err: new Error('unreadable', { cause: thrown }) }, 'odd');
    expect(lines(written())).toHaveLength(2);
    expect(written()).not.toContain('WIN');
  });

  test('the log leaves out the text of a message in a request that a client library attached to an error', () => {
    const { log, written } = logging();
    log.error({ error: Object.assign(new Error('refused'), { config: { data: text }, sql: text }) }, 'odd');
    expect(written()).not.toContain('prize');
  });
});
