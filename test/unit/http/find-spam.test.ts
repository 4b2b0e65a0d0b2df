import { describe, expect, test } from 'vitest';
import { api } from './fakes.ts';

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

async function findSpam(payload: string | Buffer | undefined, headers: Record<string, string> = json) {
  const { server, scorer } = await api();
  const response = await server.inject({
    method: 'POST',
    url: '/api/find_spam',
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  await server.close();
  return { status: response.statusCode, body: response.json() as unknown, scorer, headers: response.headers };
}

describe('POST /api/find_spam', () => {
  test('POST /api/find_spam answers as JSON whether the text is spam', async () => {
    expect(await findSpam('{"text":"buy spam"}')).toMatchObject({
      status: 200,
      body: { success: true, is_spam: true },
    });
    expect((await findSpam('{"text":"hello"}')).body).toEqual({ success: true, is_spam: false });
  });

  test('POST /api/find_spam does not call a text spam that belongs in the review queue', async () => {
    expect((await findSpam('{"text":"an odd one"}')).body).toEqual({ success: true, is_spam: false });
  });

  test('POST /api/find_spam accepts a form, with escapes', async () => {
    const { body, scorer } = await findSpam('text=buy+spam%20%E2%82%AC&x=1', form);
    expect(body).toEqual({ success: true, is_spam: true });
    expect(JSON.parse(scorer.asked[0]!.records[0]!)).toMatchObject({ message: 'buy spam €' });
  });

  test.each([
    ['{}', json],
    ['{"text":null}', json],
    ['null', json],
    ['', json],
    ['other=1', form],
    ['', form],
    [undefined, {}],
  ])(
    'POST /api/find_spam without a text (%j) answers 200 with the texts that its clients expect',
    async (payload, headers) => {
      const { status, body, scorer } = await findSpam(payload, headers);
      expect(status).toBe(200);
      expect(body).toEqual({ success: false, error: "Missing 'text' parameter" });
      expect(scorer.asked).toEqual([]);
    },
  );

  test('POST /api/find_spam scores an empty text', async () => {
    expect((await findSpam('{"text":""}')).body).toEqual({ success: true, is_spam: false });
    expect((await findSpam('text=', form)).body).toEqual({ success: true, is_spam: false });
  });

  test('POST /api/find_spam requests nothing from the scorer that its answer does not need', async () => {
    const { scorer } = await findSpam('{"text":"hello"}');
    expect(scorer.asked[0]!.options).toEqual({});
  });

  test('POST /api/find_spam answers with a problem if the text is not a string', async () => {
    const { status, body } = await findSpam('{"text":5}');
    expect(status).toBe(400);
    expect(body).toMatchObject({
      type: 'urn:sluice:problem:invalid-fields',
      errors: [{ pointer: '#/text' }],
    });
  });

  test('POST /api/find_spam answers with 413 if the text is above the limit for messages', async () => {
    const { status, body } = await findSpam(JSON.stringify({ text: 'x'.repeat(70_000) }));
    expect(status).toBe(413);
    expect(body).toMatchObject({ type: 'urn:sluice:problem:too-large' });
  });

  test('POST /api/find_spam answers bytes that are not UTF-8 with 400, in JSON and in a form', async () => {
    const bytes = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
    for (const headers of [json, form]) {
      const { status, body } = await findSpam(bytes, headers);
      expect(status).toBe(400);
      expect(body).toMatchObject({ detail: 'The body is not valid UTF-8.' });
    }
  });
});
