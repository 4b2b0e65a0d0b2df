import { describe, expect, it } from 'vitest';
import { SoakAccount } from '../../ledger/soak-account.ts';

const idOf = (partition: number, offset: number) => `7-${offset * 2 + partition}`;
const outcomeOf = (offset: number) => (offset % 10 === 3 ? 'spam' : offset % 10 === 7 ? 'review' : 'ham');
const end = { offsets: [100_000, 100_000], verdicts: 20_000, reviews: 20_000 };

/** An account of 200,000 messages, of which `timesScored` says how often each was scored. */
function accountOf(timesScored: (partition: number, offset: number) => number): SoakAccount {
  const account = new SoakAccount(2);
  for (let partition = 0; partition < 2; partition++)
    for (let offset = 0; offset < 100_000; offset += 1000) {
      const ids = Array.from({ length: 1000 }, (_, i) => idOf(partition, offset + i));
      account.add({ kind: 'acknowledged', partition, offset, ids });
    }
  for (let partition = 0; partition < 2; partition++)
    for (let offset = 0; offset < 100_000; offset++)
      for (let time = 0; time < timesScored(partition, offset); time++)
        account.outcome({
          partition,
          offset,
          at: 1,
          id: idOf(partition, offset),
          outcome: outcomeOf(offset),
          model: 'one',
        });
  return account;
}

describe('the account of a soak', () => {
  it('the account of the soak test finds nothing if each message has its outcome', () => {
    const account = accountOf(() => 1);
    expect(account.findings(end)).toEqual([]);
    expect(account.duplicates).toBe(0);
    expect(account.acknowledged).toBe(200_000);
    expect(account.outcomes).toEqual({ ham: 160_000, spam: 20_000, review: 20_000 });
  });

  it('the account of the soak test finds a message without an outcome, and one with two', () => {
    const account = accountOf((partition, offset) => {
      if (partition === 1 && offset === 99_999) return 0;
      return partition === 0 && offset === 70_000 ? 2 : 1;
    });
    expect(account.findings(end)).toEqual([{ check: 'lost', found: 1, examples: ['199999 at 1/99999'] }]);
    expect(account.duplicates).toBe(1);
  });

  it('the account of the soak test finds an outcome of the wrong message, and of none', () => {
    const account = accountOf(() => 1);
    const line = { partition: 0, offset: 5, at: 1, outcome: 'ham', model: 'one' };
    account.outcome({ ...line, id: idOf(0, 6) });
    account.outcome({ ...line, id: idOf(0, 100_000), offset: 100_000 });
    account.outcome({ ...line, id: 'ghost', partition: 9 });
    expect(account.findings(end)).toMatchObject([{ check: 'invented', found: 3 }]);
  });

  it('the account of the soak test finds missing verdicts and rows, and valid messages among the dead letters', () => {
    expect(accountOf(() => 1).findings({ ...end, verdicts: 19_999, reviews: 20_001 })).toMatchObject([
      { check: 'untold', found: 1 },
      { check: 'unlisted', found: 1 },
    ]);
    const account = accountOf((partition, offset) => (partition === 0 && offset === 10 ? 0 : 1));
    account.outcome({ partition: 0, offset: 10, at: 1, id: null, outcome: 'dead-letter', model: '' });
    expect(account.findings(end)).toMatchObject([{ check: 'deadLettered', found: 1 }]);
  });
});
