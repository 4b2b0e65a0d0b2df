import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesText, durationText, percentText, shortNumber } from '../../../src/console/logic/amounts.ts';
import { EventParser } from '../../../src/console/logic/event-parser.ts';
import {
  descriptionParts,
  foundSettings,
  type ShownSetting,
  searchOf,
  settingsViewOf,
} from '../../../src/console/logic/found-settings.ts';
import {
  HISTORY_SECONDS,
  lineOf,
  type Point,
  topOf,
  withPoint,
} from '../../../src/console/logic/overview-history.ts';
import { failuresAfter, pauseSeconds } from '../../../src/console/logic/reconnect.ts';
import { eventText } from '../../../src/http/event-stream.ts';

describe('EventParser', () => {
  it('EventParser finds the events that were sent, however their text is cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.jsonValue(), fc.constant(null))),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (values, sizes) => {
          const text = values.map((value) => `${eventText('overview', value)}:\n\n`).join('');
          const parser = new EventParser();
          const found: unknown[] = [];
          for (let at = 0, turn = 0; at < text.length; turn++) {
            const size = sizes[turn % sizes.length]!;
            found.push(...parser.push(text.slice(at, at + size)));
            at += size;
          }
          expect(found).toEqual(values.map((value) => ({ name: 'overview', data: JSON.stringify(value) })));
        },
      ),
    );
  });

  it('EventParser gives an event without an end up', () => {
    const parser = new EventParser();
    expect(() => parser.push('data: '.padEnd(2_000_000, 'x'))).toThrow(RangeError);
  });
});

describe('the history of the page Overview', () => {
  const point = (at: number, lag?: number): Point => ({ at, values: lag === undefined ? {} : { lag } });

  it('keeps five minutes, whatever comes, in the order of time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000_000 })), (times) => {
        let history: readonly Point[] = [];
        for (const at of times) {
          history = withPoint(history, point(at));
          expect(history.at(-1)!.at).toBe(at);
          expect(at - history[0]!.at).toBeLessThan(HISTORY_SECONDS * 1000);
          expect(history.map((each) => each.at)).toEqual(
            history.map((each) => each.at).sort((a, b) => a - b),
          );
        }
      }),
    );
  });

  const box = { width: 300, height: 100, now: 300_000, top: 10 };

  it('a line ends at the right edge, higher values are higher, and it is broken where nothing was known', () => {
    const history = [
      point(280_000, 0),
      point(282_000, 10),
      point(284_000),
      point(299_000, 5),
      point(300_000, 20),
    ];
    expect(lineOf(history, 'lag', box)).toEqual({
      // Above the top is at the top.
      parts: ['280,100 282,0', '299,50 300,0'],
      ...{ last: 20, least: 0, most: 20 },
    });
    expect(lineOf([point(300_000, 5)], 'lag', box).parts).toEqual(['300,50 300,50']);
    expect(lineOf([point(300_000)], 'lag', box)).toEqual({
      ...{ parts: [], last: undefined, least: undefined, most: undefined },
    });
  });

  it('the upper edge is a round number that no value is above', () => {
    const top = (...lags: number[]) =>
      topOf(
        lags.map((lag, index) => point(index, lag)),
        ['lag'],
        1,
      );
    expect([top(), top(0.2), top(3, 1.5), top(50), top(51), top(640), top(1000)]).toEqual([
      ...[1, 1, 5, 50, 100, 1000, 1000],
    ]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true })), (lags) => {
        for (const lag of lags) expect(top(...lags) * (1 + 1e-8)).toBeGreaterThanOrEqual(lag);
      }),
    );
  });
});

describe('pauses between attempts', () => {
  it('grow up to half a minute, differ between pages, and are as long as the server asks for', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 100].map((failures) => pauseSeconds(failures, 0, 0));
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(pauseSeconds(4, 0, 1)).toBe(4);
    expect(pauseSeconds(1, 20, 0)).toBe(20);
    expect(pauseSeconds(1, 10_000, 0)).toBe(30);
  });

  it('start again after a connection that lasted', () => {
    expect([failuresAfter(5, 0.2), failuresAfter(5, 60)]).toEqual([6, 1]);
  });
});

describe('amounts', () => {
  it('are written so that they are read at a glance', () => {
    expect([0, 0.33, 9.96, 12.4, 1234.5].map((value) => shortNumber(value, 'en'))).toEqual([
      ...['0', '0.3', '10', '12', '1,235'],
    ]);
    expect([12, 57_200, 2_440_000].map((value) => bytesText(value, 'en'))).toEqual([
      '12 B',
      '57 KB',
      '2.4 MB',
    ]);
    expect([0.0214, 0.15, 1.26, 24].map((value) => durationText(value, 'de'))).toEqual([
      ...['21 ms', '150 ms', '1,3 s', '24 s'],
    ]);
    expect(percentText(0.724, 'en')).toBe('72%');
  });
});

describe('the search of the page Configuration', () => {
  const setting = (name: string, changes: Partial<ShownSetting> = {}): ShownSetting => ({
    ...{ name, value: '2', source: 'default', from: 'default', description: 'Threads that score.' },
    ...{
      unit: null,
      allowed: 'a number',
      live: false,
      secret: false,
      environment: null,
      at_next_start: false,
    },
    ...changes,
  });
  const settings = [
    setting('pool.threads'),
    setting('mode', { source: 'file', from: '/etc/a.yaml', description: '' }),
  ];
  const names = (text: string, onlySet = false) =>
    foundSettings(settings, { text, onlySet }).map(({ name }) => name);

  it('finds settings in which each word occurs, in whatever part', () => {
    expect(names('')).toEqual(['pool.threads', 'mode']);
    expect(names(' SCORE pool')).toEqual(['pool.threads']);
    expect(names('etc')).toEqual(['mode']);
    expect(names('score etc')).toEqual([]);
    expect(names('', true)).toEqual(['mode']);
  });

  it('is in the address, and read back from it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100, unit: 'grapheme-ascii' }), fc.boolean(), (text, onlySet) => {
        expect(settingsViewOf(searchOf({ text, onlySet }))).toEqual({ text, onlySet });
      }),
    );
    expect(searchOf({ text: '', onlySet: false })).toBe('');
  });

  it('a description has its literals marked', () => {
    expect(descriptionParts('Either `a` or b.')).toEqual([
      { text: 'Either ', isCode: false },
      { text: 'a', isCode: true },
      { text: ' or b.', isCode: false },
    ]);
  });
});
