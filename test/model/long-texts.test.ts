import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textKinds } from '../../bench/harness/costly-texts.ts';
import { FolderModelStore } from '../../src/adapters/folder/folder-model-store.ts';
import type { ScoredMessage } from '../../src/core/scored-batch.ts';
import { decodeAnswer, PackedMessages, packMessages } from '../../src/scoring/score-protocol.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';
import { type LoadedModel, loadModel } from '../../workers/loaded-model.ts';
import { scorePackedBatch } from '../../workers/score-packed-batch.ts';

const home = fileURLToPath(new URL('../../native-models/default', import.meta.url));
const spam = 'Win a free prize now, call 0900 123456 to claim your cash bonus http://win-cash.top/x';
const ham = 'see you at the station tomorrow, I will bring the book that you lent me. ';

let model: LoadedModel;
beforeAll(async () => {
  const [version = ''] = await readdir(home);
  model = await loadModel(await new FolderModelStore(home).fetch(version));
});
afterAll(() => model.session.release());

async function score(text: string, every = false): Promise<ScoredMessage | undefined> {
  const bytes = new TextEncoder().encode(JSON.stringify({ message: text, message_id: '1' }));
  expect(bytes.length).toBeLessThan(65_536);
  const answer = await scorePackedBatch(model, new PackedMessages(packMessages([bytes])), {
    policy: {
      default: model.manifest.thresholds,
      communities: {},
      exactScores: 'notHam',
      maxMessageBytes: 65_536,
    },
    exactScores: 'notHam',
    every,
    explain: false,
  });
  const { scored, statistics } = decodeAnswer(answer);
  expect(statistics.unreadable).toBe(0);
  if (scored[0] !== undefined && scored[0].verdict !== 'ham') expect(statistics[scored[0].verdict]).toBe(1);
  return scored[0];
}

describe('spam behind what the reader does not see', () => {
  test.each([
    ['nothing', ''],
    ['20,000 zero-width spaces', '\u200b'.repeat(20_000)],
    ['25,000 spaces', ' '.repeat(25_000)],
    ['25,000 line breaks', '\n'.repeat(25_000)],
    ['20,000 soft hyphens', '\u00ad'.repeat(20_000)],
  ])('a spam message is still spam after %s', async (_, hidden) => {
    expect((await score(`hi ${hidden}${spam}`))?.verdict).toBe('spam');
  });
});

describe('a text of which only the beginning and the end are read', () => {
  test('a text that was cut is never ham: if the part that was read is ham, it goes to review with the reason', async () => {
    const long = ham.repeat(300);
    expect(await score(long.repeat(2))).toMatchObject({
      verdict: 'review',
      unscorable: false,
      reasons: expect.arrayContaining(['text:truncated']),
    });
    expect(await score(`${'𝖆𝖇𝖈'.repeat(3_000)} ${long.slice(0, 12_000)}`)).toMatchObject({
      verdict: 'review',
    });
    // The same, of a length that is read whole.
    expect(await score(long.slice(0, 20_000))).toBeUndefined();
    expect(await score(long.slice(0, 20_000), true)).toMatchObject({ verdict: 'ham', reasons: [] });
  });

  test('spam at the end of 20,000 characters of ham is found', async () => {
    expect(await score(`${ham.repeat(300).slice(0, 20_000)} ${spam}`)).toMatchObject({
      verdict: 'spam',
      reasons: expect.arrayContaining(['text:truncated', 'text:window']),
    });
  });

  test('a text that was cut is spam if the part that was read is spam', async () => {
    expect(await score(`${`${spam} `.repeat(300)}${ham}`)).toMatchObject({
      verdict: 'spam',
      reasons: expect.arrayContaining(['text:truncated']),
    });
  });

  test('a text that was cut goes to review if the model knows no word of the part that was read', async () => {
    expect(await score('߷߸߹'.repeat(8_000))).toMatchObject({
      verdict: 'review',
      reasons: ['text:truncated', 'no known feature: the prior'],
    });
  });
});

describe('a text whose deobfuscation was ended at its limit of work', () => {
  const limit = 'text:deobfuscation-limit';
  /** Each round reads one of them, and there are fewer rounds. */
  const signs = '$'.repeat(9);

  test('a text whose deobfuscation reached the limit of work is never ham, but goes to review with the reason', async () => {
    const nested = `${ham.repeat(20)} ${signs}see you`;
    expect(await score(nested)).toMatchObject({
      verdict: 'review',
      unscorable: false,
      reasons: expect.arrayContaining([limit]),
    });
    expect(await score(nested.replace(signs, ''))).toBeUndefined();
  });

  test('a text whose deobfuscation reached the limit of work is spam if the part that was deobfuscated is spam', async () => {
    expect(await score(`${`${spam} `.repeat(20)} ${signs}see you`)).toMatchObject({
      verdict: 'spam',
      reasons: expect.arrayContaining([limit]),
    });
  });

  test('a text whose deobfuscation reached the limit of work goes at least to review, whatever was added to use up the work', async () => {
    let exhausted = 0;
    for (const [name, generate] of textKinds) {
      const padding = generate(19_000, new SeededRandom(1));
      for (const text of [
        `${spam} ${padding}`,
        `${padding} ${spam}`,
        `${ham.repeat(5)} ${padding} w1n c4$h`,
      ]) {
        if (!model.featurizer.prepare(text).isExhausted) continue;
        exhausted++;
        const scored = await score(text, true);
        expect(['review', 'spam'], name).toContain(scored?.verdict);
        expect(scored?.reasons, name).toContain(limit);
      }
    }
    expect(exhausted).toBeGreaterThan(4);
  });
});
