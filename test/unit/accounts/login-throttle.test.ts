import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Attempt, LoginThrottle } from '../../../src/accounts/login-throttle.ts';

function throttle() {
  const at = { seconds: 0 };
  return { at, own: new LoginThrottle(() => at.seconds) };
}

const isLetThrough = (begun: ReturnType<LoginThrottle['begin']>): begun is Attempt =>
  !('retryAfterSeconds' in begun);

/** Fails until it is refused; returns how often it could. */
function failures(own: LoginThrottle, client: (n: number) => string, name: (n: number) => string): number {
  for (let n = 0; n < 1000; n++) if (!isLetThrough(own.begin(client(n), name(n)))) return n;
  return 1000;
}

it('an address is refused after twenty failures, whatever names it tries', () => {
  const { own } = throttle();
  expect(
    failures(
      own,
      () => '10.0.0.1',
      (n) => `name ${n}`,
    ),
  ).toBe(20);
  expect(isLetThrough(own.begin('10.0.0.2', 'name 1'))).toBe(true);
});

it('a name is refused after ten failures, from whatever addresses they come', () => {
  const { own } = throttle();
  expect(
    failures(
      own,
      (n) => `address ${n}`,
      () => 'anna',
    ),
  ).toBe(10);
  expect(isLetThrough(own.begin('address 1', 'ben'))).toBe(true);
});

it('from an address where anna logged in before she is let in while others try to guess her password', () => {
  const { own } = throttle();
  const attempt = own.begin('home', 'anna');
  if (isLetThrough(attempt)) attempt.succeeded();
  expect(
    failures(
      own,
      (n) => `address ${n}`,
      () => 'anna',
    ),
  ).toBe(10);
  expect(isLetThrough(own.begin('home', 'anna'))).toBe(true);
  expect(isLetThrough(own.begin('elsewhere', 'anna'))).toBe(false);
});

it('who waits as long as was said is let through, and not a second earlier', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.boolean(), (later, sameName) => {
      const { own, at } = throttle();
      const name = (n: number) => (sameName ? 'anna' : `name ${n}`);
      failures(own, () => 'there', name);
      at.seconds += later;
      failures(own, () => 'there', name);
      const refused = own.begin('there', 'anna');
      if (isLetThrough(refused)) return;
      const start = at.seconds;
      at.seconds = start + refused.retryAfterSeconds - 1;
      const early = own.begin('there', 'anna');
      at.seconds = start + refused.retryAfterSeconds;
      expect([isLetThrough(early), isLetThrough(own.begin('there', 'anna'))]).toEqual([false, true]);
    }),
  );
});

it('attempts that succeed cost nothing', () => {
  const { own } = throttle();
  for (let n = 0; n < 200; n++) {
    const attempt = own.begin('office', `person ${n % 40}`);
    if (!isLetThrough(attempt)) throw new Error(`refused at ${n}`);
    attempt.succeeded();
  }
});

it('attempts at once are counted before any of them is answered', () => {
  const { own } = throttle();
  const begun = Array.from({ length: 30 }, () => own.begin('there', 'anna'));
  expect(begun.filter(isLetThrough)).toHaveLength(10);
});

it('it remembers a bounded number of addresses and names', () => {
  const { own } = throttle();
  failures(
    own,
    () => 'early',
    () => 'anna',
  );
  for (let n = 0; n < 20_000; n++) own.begin(`address ${n}`);
  expect(isLetThrough(own.begin('early', 'ben'))).toBe(true);
});
