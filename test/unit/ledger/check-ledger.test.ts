import { describe, expect, it } from 'vitest';
import { checkLedger } from '../../ledger/check-ledger.ts';
import type { CheckName } from '../../ledger/findings.ts';
import type { Expected, Ledger, LedgerEvent, LetterFacts } from '../../ledger/ledger-events.ts';
import { goodLedger, idOf } from './good-ledger.ts';

function foundIn(ledger: Ledger): Partial<Record<CheckName, number>> {
  return Object.fromEntries(checkLedger(ledger).findings.map(({ check, found }) => [check, found]));
}

/** A part of the ledger without what `drop` says. */
function without<Part extends Exclude<keyof Ledger, 'events'>>(
  ledger: Ledger,
  part: Part,
  drop: (line: Ledger[Part][number]) => boolean,
): Ledger {
  const lines: readonly Ledger[Part][number][] = ledger[part];
  return { ...ledger, [part]: lines.filter((line) => !drop(line)) };
}

function withEvents(ledger: Ledger, change: (event: LedgerEvent) => LedgerEvent | undefined): Ledger {
  return { ...ledger, events: ledger.events.map(change).filter((event) => event !== undefined) };
}

describe('the checker', () => {
  it('the checker finds nothing in a good run, and reports its figures', () => {
    expect(checkLedger(goodLedger())).toMatchObject({
      ok: true,
      lost: 0,
      invented: 0,
      duplicates: 10,
      messages: 400,
      faults: { kill: 1 },
      seed: 1,
      findings: [],
    });
  });

  it('the checker counts a message whose fate is unknown as neither lost nor invented', () => {
    const good = goodLedger();
    const unsure = withEvents(good, (event) =>
      event.kind === 'acknowledged' && event.ids[0] === idOf(1, 50)
        ? { at: event.at, kind: 'unsure', ids: event.ids }
        : event,
    );
    expect(foundIn(unsure)).toEqual({});
  });

  it('the checker counts the end of a daemon whose service is unavailable as a restart', () => {
    const good = goodLedger();
    const away: LedgerEvent = {
      at: 40,
      kind: 'exited',
      daemon: 'second',
      code: 69,
      signal: null,
      wanted: null,
    };
    const report = checkLedger({ ...good, events: [...good.events, away] });
    expect(report).toMatchObject({ ok: true, restarts: 1 });
  });

  it('the checker counts messages that were scored again after each rebalance', () => {
    const { repeatedAfterRebalance } = checkLedger(goodLedger());
    expect(repeatedAfterRebalance).toEqual({
      rebalances: 1,
      repeated: 10,
      perRebalance: { p50: 10, p95: 10, max: 10 },
    });
  });

  it('the checker expects partitions that end with transaction markers to be committed to their end', () => {
    const good = goodLedger();
    const ends = (offsets: readonly number[]): Ledger => ({
      ...good,
      events: [...good.events, { at: 20_000, kind: 'ends', offsets }],
    });
    expect(foundIn(ends([200, 200]))).toEqual({});
    expect(foundIn(ends([200, 203]))).toEqual({ uncommitted: 1 });
  });

  it('the checker reports how long commits paused after a kill', () => {
    const { partitions, p95 } = checkLedger(goodLedger()).commitAfterKillSeconds;
    expect(partitions).toBe(1);
    expect(p95).toBeGreaterThan(3);
    expect(p95).toBeLessThan(4);
  });
});

describe('a defect of a daemon is found', () => {
  it('the checker finds offsets that were committed before the sink acknowledged', () => {
    // All that a look had seen committed was scored two seconds later only.
    const good = goodLedger();
    const slow = { ...good, outcomes: good.outcomes.map((line) => ({ ...line, at: line.at + 2000 })) };
    expect(foundIn(slow)).toHaveProperty('ahead');
    expect(Object.keys(foundIn(slow))).toEqual(['ahead']);
  });

  it('the checker finds messages that were lost because offsets were committed before the sink, with a kill in between', () => {
    const gone = without(
      goodLedger(),
      'outcomes',
      ({ partition, offset }) => partition === 0 && offset === 95,
    );
    expect(foundIn(gone)).toMatchObject({ lost: 1 });
  });

  it('the checker finds messages that were dropped while a queue was full', () => {
    const dropped = without(
      goodLedger(),
      'outcomes',
      ({ partition, offset }) => partition === 1 && offset >= 120 && offset < 140,
    );
    expect(foundIn(dropped)).toMatchObject({ lost: 20 });
  });

  it('the checker finds an error of the verdict sink that was swallowed', () => {
    const swallowed = without(goodLedger(), 'verdicts', ({ id }) => id === idOf(1, 33));
    expect(foundIn(swallowed)).toEqual({ untold: 1 });
  });

  it('the checker finds a review row that was never written', () => {
    const missing = without(goodLedger(), 'reviews', ({ id }) => id === idOf(1, 37));
    expect(foundIn(missing)).toEqual({ unlisted: 1 });
  });

  it('the checker finds a daemon that started at the end of the topic after a kill', () => {
    const good = goodLedger();
    // What came between the kill and the return was never read, and what was uncommitted never again.
    const skipped = without(
      good,
      'outcomes',
      ({ partition, offset, at }) => partition === 0 && at > 8000 && offset < 160,
    );
    expect(foundIn(skipped)).toMatchObject({ lost: 60 });
  });

  it('the checker finds a message that was scored twice although it was committed long ago', () => {
    const good = goodLedger();
    const early = good.outcomes.find(({ partition, offset }) => partition === 0 && offset === 20)!;
    const twice = { ...good, outcomes: [...good.outcomes, { ...early, at: 14_000 }] };
    expect(foundIn(twice)).toEqual({ unexcused: 1 });
  });

  it('the checker finds a message that was scored three times in two group generations', () => {
    const good = goodLedger();
    const line = good.outcomes.find((each) => each.partition === 0 && each.offset === 95)!;
    const back = good.events.findLast((event) => event.kind === 'joined')!.at;
    const joinedToo = (daemon: string): Ledger => ({
      ...good,
      outcomes: [...good.outcomes, line],
      events: [...good.events, { at: back + 600, kind: 'joined', daemon }],
    });
    // Shortly after the others: a third one belongs to their generation; one of them is of the next.
    expect(foundIn(joinedToo('third'))).toEqual({ unexcused: 1 });
    expect(foundIn(joinedToo('second'))).toEqual({});
  });

  it('the checker finds a message scored twice that came after the kill, or whose partition had no fault', () => {
    const good = goodLedger();
    const again = (offset: number) => {
      const line = good.outcomes.find((each) => each.partition === 0 && each.offset === offset)!;
      return { ...good, outcomes: [...good.outcomes, line] };
    };
    // 95 may come twice, and does; a third time needs a second kill.
    expect(foundIn(again(95))).toEqual({ unexcused: 1 });
    expect(foundIn(again(105))).toEqual({ unexcused: 1 });
  });

  it('the checker finds an outcome, a verdict or a row of a message that was never sent', () => {
    const good = goodLedger();
    const ghost = 'ghost';
    expect(
      foundIn({ ...good, outcomes: [...good.outcomes, { ...good.outcomes[0]!, id: ghost, offset: 199 }] }),
    ).toEqual({ invented: 1 });
    expect(foundIn({ ...good, verdicts: [...good.verdicts, { ...good.verdicts[0]!, id: ghost }] })).toEqual({
      invented: 1,
    });
    expect(foundIn({ ...good, reviews: [...good.reviews, { ...good.reviews[0]!, id: ghost }] })).toEqual({
      invented: 1,
    });
  });

  it('the checker finds a verdict on a message that is not spam, or below the threshold of spam', () => {
    const good = goodLedger();
    const onHam = { id: idOf(1, 0), verdict: 'spam', probability: 0.9, model: 'one' };
    expect(foundIn({ ...good, verdicts: [...good.verdicts, onHam] })).toEqual({ wrongBand: 1 });
    const low = good.verdicts.map((line) => (line.id === idOf(1, 3) ? { ...line, probability: 0.65 } : line));
    expect(foundIn({ ...good, verdicts: low })).toEqual({ wrongBand: 1 });
  });

  it('the checker accepts a row of the audit sample with the verdict of its message, and with no other', () => {
    const good = goodLedger();
    const onHam = { id: idOf(1, 0), probability: 0.1, model: 'one', drawn: 'ham' } as const;
    const onSpam = { id: idOf(1, 3), probability: 0.9, model: 'one', drawn: 'spam' } as const;
    expect(foundIn({ ...good, reviews: [...good.reviews, onHam, onSpam] })).toEqual({});
    expect(foundIn({ ...good, reviews: [...good.reviews, { ...onHam, drawn: null }] })).toEqual({
      wrongBand: 2,
    });
    expect(foundIn({ ...good, reviews: [...good.reviews, { ...onHam, id: idOf(1, 3) }] })).toEqual({
      wrongBand: 1,
    });
  });

  it('the checker finds two different verdicts, or two outcomes, of one model on one message', () => {
    const good = goodLedger();
    // Offset 93 lies among those that may be scored twice.
    const first = good.verdicts.findIndex(({ id }) => id === idOf(0, 93));
    const verdicts = good.verdicts.map((line, i) => (i === first ? { ...line, probability: 0.8 } : line));
    expect(foundIn({ ...good, verdicts })).toEqual({ contradicted: 1 });
    const spam = good.outcomes.findIndex(({ id }) => id === idOf(0, 94));
    const outcomes = good.outcomes.map((line, i) =>
      i === spam ? { ...line, outcome: 'dead-letter' } : line,
    );
    expect(foundIn({ ...good, outcomes })).toEqual({ contradicted: 1, deadLettered: 1 });
  });

  it('the checker finds a verdict that was published more often than its message may have been scored', () => {
    const good = goodLedger();
    const line = good.verdicts.find(({ id }) => id === idOf(1, 3))!;
    expect(foundIn({ ...good, verdicts: [...good.verdicts, line] })).toEqual({ unexcused: 1 });
  });

  it('the checker finds a valid message among the dead letters', () => {
    const good = goodLedger();
    const outcomes = good.outcomes.map((line) =>
      line.id === idOf(1, 60) ? { ...line, id: null, outcome: 'dead-letter' } : line,
    );
    expect(foundIn({ ...good, outcomes })).toEqual({ deadLettered: 1 });
  });

  it('the checker finds offsets that are never committed', () => {
    const stuck = withEvents(goodLedger(), (event) =>
      event.kind === 'committed' && event.offsets[1] === 200 ? { ...event, offsets: [200, 190] } : event,
    );
    expect(foundIn(stuck)).toEqual({ uncommitted: 1 });
  });

  it('the checker finds a daemon that ends by itself, or with a wrong exit code at SIGTERM', () => {
    const exit = (change: object) =>
      withEvents(goodLedger(), (event) =>
        event.kind === 'exited' && event.daemon === 'second' ? { ...event, ...change } : event,
      );
    expect(foundIn(exit({ code: null, signal: 'SIGABRT', wanted: null }))).toEqual({ badExits: 1 });
    expect(foundIn(exit({ code: 70 }))).toEqual({ badExits: 1 });
    expect(foundIn(exit({ code: 69 }))).toEqual({ badExits: 1 });
    for (const code of [0, 1, 2, 70, 78])
      expect(foundIn(exit({ code, wanted: null }))).toEqual({ badExits: 1 });
  });

  it('the checker reports the last log lines of a daemon that ended by itself, and why a run was cut short', () => {
    const good = goodLedger();
    const at = 40;
    const report = checkLedger({
      ...good,
      events: [
        ...good.events,
        ...([
          {
            at,
            kind: 'exited',
            daemon: 'second',
            code: 70,
            signal: null,
            wanted: null,
            lastLines: ['one', 'two'],
          },
          { at, kind: 'cut-short', reason: 'no commit came' },
        ] satisfies LedgerEvent[]),
      ],
    });
    const examples = report.findings.flatMap((finding) => finding.examples).join('\n');
    expect(examples).toContain('second: 70 after nothing; its log ends:\none\ntwo');
    expect(examples).toContain('cut short: no commit came');
  });

  it('the checker finds a model that scores before it is complete, and an incomplete model under its final name', () => {
    const good = goodLedger();
    const also = (event: LedgerEvent) => foundIn({ ...good, events: [...good.events, event] });
    expect(also({ at: 0, kind: 'activated', model: 'one' })).toEqual({});
    // Of the other partition: the first three hundred milliseconds.
    expect(also({ at: 3300, kind: 'activated', model: 'one' })).toEqual({ brokenModel: 12 });
    expect(also({ at: 0, kind: 'activated', model: 'another' })).toEqual({ brokenModel: 410 });
    expect(also({ at: 9, kind: 'half-model', model: 'two', location: 'first' })).toEqual({ brokenModel: 1 });
  });

  it('the checker finds a run that proves nothing: a fault was left out, or the run did not reach its end', () => {
    expect(
      foundIn(withEvents(goodLedger(), (event) => (event.kind === 'fault' ? undefined : event))),
    ).toEqual({
      unexercised: 1,
    });
    expect(foundIn(withEvents(goodLedger(), (event) => (event.kind === 'end' ? undefined : event)))).toEqual({
      unexercised: 1,
    });
  });

  it('the checker finds an outcome or a probability that differs from that of the same text before the run', () => {
    const good = goodLedger();
    const expecting = (expected: Expected): Ledger => ({
      ...good,
      source: good.source.map((line) => (line.id === idOf(1, 33) ? { ...line, expected } : line)),
    });
    expect(foundIn(expecting({ outcome: 'spam', probability: 0.9 }))).toEqual({});
    expect(foundIn(expecting({ outcome: 'spam', probability: 0.91 }))).toEqual({ wrongScore: 1 });
    expect(foundIn(expecting({ outcome: 'ham', probability: null }))).toEqual({ wrongScore: 2 });
  });

  it('the checker finds a dead letter with another reason or other bytes, and an unreadable line with a verdict', () => {
    const good = goodLedger();
    const letter = { reason: 'too-large', bytes: 100, sha256: 'a' };
    const withLetter = (found: LetterFacts | undefined): Ledger => ({
      ...good,
      source: good.source.map((line) =>
        line.id === idOf(1, 60) ? { ...line, expected: { outcome: 'dead-letter', letter } } : line,
      ),
      outcomes: good.outcomes.map((line) =>
        line.id === idOf(1, 60) && found !== undefined
          ? { ...line, outcome: 'dead-letter', letter: found }
          : line,
      ),
    });
    expect(foundIn(withLetter(letter))).toEqual({});
    expect(foundIn(withLetter({ ...letter, reason: 'not-json' }))).toEqual({ deadLettered: 1 });
    expect(foundIn(withLetter({ ...letter, bytes: 99 }))).toEqual({ deadLettered: 1 });
    expect(foundIn(withLetter({ ...letter, sha256: 'b' }))).toEqual({ deadLettered: 1 });
    expect(foundIn(withLetter(undefined))).toEqual({ wrongScore: 1 });
  });

  it('the checker finds a lag that is reported when no message waits', () => {
    const good = goodLedger();
    const lag = (messages: number): Ledger => ({
      ...good,
      events: [...good.events, { at: 20_000, kind: 'lag', daemon: 'first', messages }],
    });
    expect(foundIn(lag(0))).toEqual({});
    expect(foundIn(lag(6))).toEqual({ lagging: 1 });
  });

  it('the checker finds an end by itself of a daemon that needs no other service, unless it ends during startup', () => {
    const good = withEvents(goodLedger(), (event) =>
      event.kind === 'begin' ? { ...event, selfContained: true } : event,
    );
    const ended = (ready: boolean) =>
      foundIn({
        ...good,
        events: [
          ...good.events,
          { at: 40, kind: 'exited', daemon: 'second', code: 69, signal: null, wanted: null, ready },
        ],
      });
    expect(ended(true)).toEqual({ badExits: 1 });
    expect(ended(false)).toEqual({});
  });

  it('the checker finds a second daemon on one state folder that was not refused', () => {
    const good = goodLedger();
    const ended = (code: number | null, signal: string | null) =>
      foundIn({
        ...good,
        events: [
          ...good.events,
          { at: 40, kind: 'exited', daemon: 'third', code, signal, wanted: 'refusal' },
        ],
      });
    expect(ended(78, null)).toEqual({});
    expect(ended(null, 'SIGKILL')).toEqual({ badExits: 1 });
    expect(ended(69, null)).toEqual({ badExits: 1 });
  });

  it('the checker finds an outcome of a message whose transaction was aborted', () => {
    const good = goodLedger();
    const { partition, offset, id, at } = good.source.at(-1)!;
    const aborted = withEvents({ ...good, source: good.source.slice(0, -1) }, (event) =>
      event.kind === 'acknowledged' && event.ids[0] === id ? { at, kind: 'aborted', ids: [id] } : event,
    );
    expect(foundIn(aborted)).toMatchObject({ invented: 1 });
    const unread = without(
      aborted,
      'outcomes',
      (line) => line.partition === partition && line.offset === offset,
    );
    expect(foundIn(unread)).not.toHaveProperty('invented');
    expect(foundIn(unread)).not.toHaveProperty('lost');
  });
});
