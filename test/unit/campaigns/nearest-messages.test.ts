import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  NEAREST_LEAST,
  NEAREST_MOST,
  NearestMessages,
  wordLists,
} from '../../../src/campaigns/nearest-messages.ts';
import type { CandidateQuery, LabeledCandidate } from '../../../src/ports/labeled-candidates.ts';
import type { QueueItem } from '../../../src/ports/queue-item.ts';

const cableText = 'Second hand cable drum for sale, forty meters, pick it up in the harbor shed on Sunday';

function candidate(id: number, message: string, rest: Partial<LabeledCandidate> = {}): LabeledCandidate {
  return {
    ...{ id, review_id: null, message_id: null, community: 'forum', message, label: 'ham', source: 'corpus' },
    ...{ labelled_by: null, labelled_at: null, isOfCampaign: false, ...rest },
  };
}

function item(message: string): QueueItem {
  return {
    ...{ id: 7, state: 'open', origin: 'band', community: 'forum', message_id: 'm7', message, sender: null },
    ...{ probability: 0.6, reasons: [], model: 'm', position: { topic: 't', partition: 0, offset: 0 } },
    ...{
      created_at: 0,
      version: 'v',
      label: null,
      decided_by: null,
      decided_at: null,
      unsure: 0,
      campaign: 3,
      reporters: 0,
    },
  };
}

function over(found: readonly LabeledCandidate[]) {
  const asked: CandidateQuery[] = [];
  const nearest = new NearestMessages({
    find: async (query) => {
      asked.push(query);
      return found;
    },
  });
  return { nearest, asked };
}

describe('NearestMessages', () => {
  test('the most similar come first, and what has nothing in common is left out', async () => {
    const { nearest } = over([
      candidate(1, 'Quarterly figures are due by noon tomorrow, says the office'),
      candidate(2, cableText.replace('forty', 'sixty').replace('Sunday', 'Monday')),
      candidate(3, cableText),
    ]);
    const found = await nearest.of(item(cableText));
    expect(found.map(({ message }) => message.includes('sixty'))).toEqual([false, true]);
    expect(found[0]!.similarity).toBe(1);
    expect(found[1]!.similarity).toBeGreaterThan(0.5);
  });

  test('an obfuscated message is compared as it is read', async () => {
    const { nearest } = over([candidate(1, cableText)]);
    const [found] = await nearest.of(item(cableText.replace('cable drum', 'c\u200ba\u200bble d\u200brum')));
    expect(found!.similarity).toBe(1);
  });

  test('what was decided for the message itself is not shown, be it by its own row or by another row of the same message', async () => {
    const { nearest } = over([
      candidate(1, cableText, { review_id: 7, message_id: 'm7', label: 'spam' }),
      candidate(2, cableText, { review_id: 8, message_id: 'm7', label: 'spam' }),
      candidate(3, cableText, { review_id: 9, message_id: 'm7', community: 'other', label: 'spam' }),
    ]);
    expect((await nearest.of(item(cableText))).map(({ review_id }) => review_id)).toEqual([9]);
  });

  test('a message without any text has none, and the store is not asked', async () => {
    const { nearest, asked } = over([candidate(1, cableText)]);
    expect(await nearest.of(item(' \n'))).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('the campaign is asked for, and the rarest words together before each alone', async () => {
    const { nearest, asked } = over([]);
    await nearest.of(item('you and the marmalade with a periwinkle for your harpsichord'));
    expect(asked[0]).toMatchObject({ campaign: 3 });
    expect(asked[0]!.words[0]).toEqual(expect.arrayContaining(['marmalade', 'periwinkle', 'harpsichord']));
    expect(asked[0]!.words.some((list) => list.length === 1)).toBe(true);
  });

  test('property: words to look up consist of letters, digits and marks alone, whatever the message is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (message) => {
        for (const list of wordLists(message)) {
          expect(list.length).toBeGreaterThan(0);
          for (const word of list) expect(word).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
        }
      }),
    );
  });

  test('property: at most five are shown, none less alike than the least, in falling order', async () => {
    const words = fc.constantFrom('harbor', 'cable', 'drum', 'sunday', 'shed', 'meters', 'forty');
    const text = fc.array(words, { minLength: 1, maxLength: 12 }).map((all) => all.join(' '));
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 30 }), async (message, others) => {
        const { nearest } = over(others.map((each, index) => candidate(index + 1, each)));
        const alike = (await nearest.of(item(message))).map(({ similarity }) => similarity);
        expect(alike.length).toBeLessThanOrEqual(NEAREST_MOST);
        expect(alike).toEqual([...alike].sort((a, b) => b - a));
        for (const each of alike) {
          expect(each).toBeGreaterThanOrEqual(NEAREST_LEAST);
          expect(each).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 50 },
    );
  });
});
