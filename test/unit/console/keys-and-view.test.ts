import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actionOf,
  actions,
  defaultKeys,
  refusalOf,
  remapped,
  restoredKeys,
} from '../../../src/console/logic/keys.ts';
import { amountOf, secondsToFinish } from '../../../src/console/logic/progress.ts';
import { reasonsOf, rereadings } from '../../../src/console/logic/reasons.ts';
import { filterBody, searchOf, viewOf } from '../../../src/console/logic/view-state.ts';
import { explanationFor } from '../../browser/stub-explanation.ts';

const press = (key: string, changes = {}) => ({
  ...{ key, ctrlKey: false, altKey: false, metaKey: false, repeat: false, isInField: false },
  ...changes,
});

describe('keys', () => {
  it('do what the map says, and nothing in a field, with Ctrl, or switched off', () => {
    expect(actionOf(press('s'), defaultKeys, true)).toBe('spam');
    expect(actionOf(press('S'), defaultKeys, true)).toBe('spam');
    expect(actionOf(press('s', { isInField: true }), defaultKeys, true)).toBeUndefined();
    expect(actionOf(press('s', { ctrlKey: true }), defaultKeys, true)).toBeUndefined();
    expect(actionOf(press('s'), defaultKeys, false)).toBeUndefined();
    expect(actionOf(press('Backspace'), defaultKeys, false)).toBe('undo');
  });

  it('decide nothing while they are held down', () => {
    expect(actionOf(press('s', { repeat: true }), defaultKeys, true)).toBeUndefined();
    expect(actionOf(press('j', { repeat: true }), defaultKeys, true)).toBe('next');
  });

  it('are remapped to another key, but not to one that is taken or that is none', () => {
    expect(actionOf(press('w'), remapped(defaultKeys, 'spam', 'W'), true)).toBe('spam');
    expect(refusalOf(defaultKeys, 'spam', 'h')).toBe('taken');
    expect(refusalOf(defaultKeys, 'spam', 'Enter')).toBe('not-one-character');
    expect(remapped(defaultKeys, 'spam', 'h')).toEqual(defaultKeys);
  });

  it('stay different from each other, whatever was stored', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.dictionary(fc.constantFrom(...actions), fc.string({ maxLength: 2 })),
        (one, other) => {
          for (const stored of [one, other]) {
            const keys = restoredKeys(stored);
            expect(new Set(Object.values(keys)).size).toBe(actions.length);
          }
        },
      ),
    );
  });
});

describe('the address of the review page', () => {
  it('has the state of the view, and is read again as the same', () => {
    const filter = fc.record(
      {
        q: fc.string({ minLength: 1, maxLength: 20 }),
        min: fc.constantFrom('0', '0.5', '1'),
        origin: fc.constantFrom('band', 'audit'),
        from: fc.constantFrom('1700000000000'),
      },
      { requiredKeys: [] },
    );
    const view = fc.record({
      view: fc.constantFrom('one' as const, 'table' as const),
      state: fc.constantFrom('open' as const, 'labelled' as const),
      order: fc.constantFrom('uncertainty' as const, 'age' as const),
      id: fc.constantFrom(undefined, 7),
      filter,
    });
    fc.assert(
      fc.property(view, (state) => {
        expect(viewOf(searchOf(state))).toEqual(state);
      }),
    );
  });

  it('leaves out what the server would refuse', () => {
    expect(viewOf('?min=2&origin=moon&id=-1&order=fastest&view=x&community=a').filter).toEqual({
      community: 'a',
    });
    fc.assert(fc.property(fc.string(), (search) => void viewOf(search)));
    expect(filterBody({ min: '0.5', q: '5' })).toEqual({ min: 0.5, q: '5' });
  });
});

describe('reasons', () => {
  it('add up to the log-odds', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (message, probability) => {
          const explanation = explanationFor(message, probability);
          const sum = reasonsOf(message, explanation).reduce(
            (total, { contribution }) => total + contribution,
            0,
          );
          expect(Math.abs(sum - explanation.logOdds)).toBeLessThan(0.006);
        },
      ),
    );
  });

  it('show a word as it was read, with the code points of hidden characters', () => {
    const message = 'see free\u200Bmoney, ok';
    expect(rereadings(message, explanationFor(message, 0.5))).toEqual([
      { start: 4, end: 14, read: 'freemoney', kinds: ['invisible'], codePoints: ['U+200B'] },
    ]);
  });
});

describe('progress', () => {
  it('is unknown where nobody works, and said in the largest unit', () => {
    expect(secondsToFinish(10, 0)).toBeUndefined();
    expect(secondsToFinish(22, 3)).toBeUndefined();
    expect(secondsToFinish(0, 0)).toBe(0);
    expect(amountOf(secondsToFinish(310, 310)!)).toEqual({ count: 60, unit: 'minute' });
    expect(amountOf(200_000)).toEqual({ count: 2, unit: 'day' });
  });
});
