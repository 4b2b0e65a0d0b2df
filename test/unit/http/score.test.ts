import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageSchema } from '../../../src/core/message.ts';
import { verdictSchema } from '../../../src/core/verdict.ts';
import type { ApiServerOptions } from '../../../src/http/api-server.ts';
import { api, model } from './fakes.ts';

const modelVersion = '20261122T000000Z-0123abcd';

async function score(payload: unknown, query = '', changes: Partial<ApiServerOptions> = {}) {
  const { server, scorer, log } = await api(changes);
  const response = await server.inject({
    method: 'POST',
    url: `/api/v1/score${query}`,
    headers: { 'content-type': 'application/json' },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
  await server.close();
  return { status: response.statusCode, body: response.json() as Record<string, unknown>, scorer, log };
}

describe('one message', () => {
  test('POST of one message to score answers its verdict, with the keys that verdicts have everywhere', async () => {
    const { status, body } = await score({ message: 'spam', message_id: 'a', community: 'c' });
    expect(status).toBe(200);
    expect(body).toEqual({
      community: 'c',
      message_id: 'a',
      verdict: 'spam',
      probability: 0.25,
      probability_min: 0.25,
      probability_max: 0.25,
      model: modelVersion,
      decided_by: 'model',
      reasons: ['word'],
      scored_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(verdictSchema.strict().safeParse(body).success).toBe(true);
  });

  test('POST of one ham message to score answers a verdict, with bounds if an early exit left no exact probability', async () => {
    const { body } = await score({ message: 'hello', message_id: 'a' });
    expect(body).toMatchObject({
      community: '',
      verdict: 'ham',
      probability: null,
      probability_min: 0.25,
      probability_max: 0.5,
    });
  });

  test('POST of one message to score runs all stages if requested', async () => {
    const { body, scorer } = await score({ message: 'hello', message_id: 'a' }, '?full=true');
    expect(scorer.asked[0]!.options).toEqual({ every: true, explain: false, exactScores: 'all' });
    expect(body.probability).toBe(0.25);
    expect((await score({ message: 'hello', message_id: 'a' })).scorer.asked[0]!.options).toEqual({
      every: true,
      explain: false,
    });
  });

  test('POST of one message to score explains it if requested, with the names of base models', async () => {
    const { body } = await score({ message: 'spam', message_id: 'a' }, '?explain=true');
    expect(body).toMatchObject({
      members: [
        { name: 'logistic-regression', value: 0.5 },
        { name: 'random-forest', value: null },
      ],
      features: [{ name: 'word', count: 1, strength: 2 }],
    });
    expect(
      await score({ message: 'spam', message_id: 'a' }).then(({ body: plain }) => plain),
    ).not.toHaveProperty('members');
  });

  test('a scored message is not explained with the names of another model', async () => {
    const other = () => ({ ...model, version: '20270101T000000Z-ffffffff' });
    const { body } = await score({ message: 'spam', message_id: 'a' }, '?explain=true', { model: other });
    expect(body).toMatchObject({ members: [{ name: 'member 0' }, { name: 'member 1' }] });
  });

  test('POST of one message to score passes on all its known fields, and no others', async () => {
    const message = {
      message: 'm',
      message_id: 'i',
      community: 'c',
      sender: 's',
      language: 'de',
      sent_at: 5,
    };
    const { scorer } = await score({ ...message, unknown: { deep: [1] } });
    expect(JSON.parse(scorer.asked[0]!.records[0]!)).toEqual(message);
  });

  test.each([
    [{ message_id: 'a' }, ['#/message']],
    [{ message: 'm' }, ['#/message_id']],
    [{ message: 5, message_id: 'a', sender: [] }, ['#/message', '#/sender']],
    [{ message: 'm', message_id: '' }, ['#/message_id']],
    [[], ['#']],
    ['null', ['#']],
    ['', ['#']],
  ])(
    'POST of one incomplete message to score (%j) is answered with pointers to the fields',
    async (payload, pointers) => {
      const { status, body, scorer } = await score(payload);
      expect(status).toBe(400);
      expect(body.type).toBe('urn:sluice:problem:invalid-fields');
      expect((body.errors as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(pointers);
      expect(scorer.asked).toEqual([]);
    },
  );

  test('POST of one message above the limit to score is answered with 413', async () => {
    const { status, body } = await score({ message: 'x'.repeat(70_000), message_id: 'a' });
    expect(status).toBe(413);
    expect(body.detail).toMatch(/^too-large: /);
  });
});

describe('many messages', () => {
  test('POST of many messages to score answers verdicts in order, and a bad one affects no other', async () => {
    const messages = [
      { message: 'hello', message_id: 'a' },
      { message_id: 'b' },
      'text',
      null,
      { message: 7, message_id: 'c' },
      { message: 'spam', message_id: 'd' },
      { message: 'x'.repeat(70_000), message_id: 'e' },
      { message: 'm', message_id: 'f', community: {} },
    ];
    const { status, body } = await score({ messages });
    expect(status).toBe(200);
    const verdicts = body.verdicts as { verdict?: string; message_id?: string; error?: { code: string } }[];
    expect(verdicts.map((each) => each.error?.code ?? `${each.message_id} ${each.verdict}`)).toEqual([
      'a ham',
      'missing-message',
      'not-an-object',
      'not-an-object',
      'wrong-type',
      'd spam',
      'too-large',
      'wrong-type',
    ]);
  });

  test('POST of many messages to score accepts null in optional fields, and whole numbers of any length as ids', async () => {
    const message = '"message":"spam","community":null,"language":null,"sent_at":null';
    const { status, body, scorer } = await score(
      `\ufeff{"messages":[{${message},"message_id":123456789012345678,"sender":null},{${message},"sender":98765432109876543210,"message_id":"b"}]}`,
    );
    expect(status).toBe(200);
    expect(body.verdicts).toMatchObject([{ message_id: '123456789012345678' }, { message_id: 'b' }]);
    expect(JSON.parse(scorer.asked[0]!.records[1]!)).toMatchObject({ sender: '98765432109876543210' });
    const one = await score(`{${message},"message_id":123456789012345679,"sender":null}`);
    expect(one.body).toMatchObject({ verdict: 'spam', message_id: '123456789012345679' });
  });

  test('POST of many messages to score reads exactly what its schema allows', async () => {
    const { server } = await api();
    const odd = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
      fc.array(fc.nat()),
      fc.object(),
    );
    const field = fc.oneof({ weight: 3, arbitrary: fc.string() }, { weight: 1, arbitrary: odd });
    const message = fc.oneof(
      { weight: 1, arbitrary: odd },
      {
        weight: 4,
        arbitrary: fc.record(
          {
            message: field,
            message_id: field,
            community: field,
            sender: field,
            language: field,
            sent_at: field,
          },
          { requiredKeys: ['message', 'message_id'] },
        ),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 10 }), async (messages) => {
        const response = await server.inject({ method: 'POST', url: '/api/v1/score', payload: { messages } });
        expect(response.statusCode).toBe(200);
        const { verdicts } = response.json() as { verdicts: { error?: unknown }[] };
        const asSent = JSON.parse(JSON.stringify(messages)) as unknown[];
        expect(verdicts.map((each) => each.error === undefined)).toEqual(
          asSent.map((each) => messageSchema.safeParse(each).success),
        );
      }),
      { numRuns: 100 },
    );
    await server.close();
  });

  test('POST of many messages to score accepts a field nested as deeply as the body allows', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const payload = `{"messages":[{"message":"spam","message_id":"a","extra":${deep}},{"message":${deep},"message_id":"b"}]}`;
    const { status, body } = await score(payload);
    expect(status).toBe(200);
    expect(body.verdicts).toMatchObject([{ verdict: 'spam' }, { error: { code: 'wrong-type' } }]);
  });

  test('POST of many messages to score is not affected by keys that would change a prototype', async () => {
    const { status, body } = await score(
      '{"messages":[{"__proto__":{"message":"x"},"message_id":"a"},{"constructor":{"prototype":{}},"message":"spam","message_id":"b"}]}',
    );
    expect(status).toBe(200);
    expect(body.verdicts).toMatchObject([{ error: { code: 'missing-message' } }, { verdict: 'spam' }]);
  });

  test('POST of many messages to score keeps NUL, lone surrogates and other unusual characters of their text', async () => {
    const text = 'a\u0000b\ud800c\u202e😀';
    const { scorer } = await score({ messages: [{ message: text, message_id: 'a' }] });
    expect((JSON.parse(scorer.asked[0]!.records[0]!) as { message: string }).message).toBe(text);
  });

  test.each([
    [{ messages: [] }, '#/messages'],
    [{ messages: 'x' }, '#/messages'],
    [{ messages: Array(6).fill({ message: 'm', message_id: 'a' }) }, '#/messages'],
  ])(
    'POST to score without a list of messages, or with too many, is answered with 400',
    async (payload, pointer) => {
      const { status, body } = await score(payload, '', { limits: { messages: 5 } });
      expect(status).toBe(400);
      expect(body.errors).toMatchObject([{ pointer }]);
    },
  );
});

test('an unknown value of a switch of the API is answered with its name', async () => {
  const { status, body } = await score({ message: 'm', message_id: 'a' }, '?explain=maybe');
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([{ parameter: 'explain' }]);
});
