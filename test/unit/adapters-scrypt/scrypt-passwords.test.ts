import { scryptSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { scryptPasswords } from '../../../src/adapters/scrypt/scrypt-passwords.ts';

const cheap = scryptPasswords({ logN: 1, r: 1, p: 1 });

it('a hash states the parameters that OWASP recommends, and is scrypt by these', async () => {
  const text = await scryptPasswords().hash('correct horse battery');
  const [, , parameters, salt, hash] = text.split('$');
  expect(parameters).toBe('ln=15,r=8,p=3');
  const again = scryptSync('correct horse battery', Buffer.from(salt!, 'base64'), 32, {
    ...{ N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 27 },
  });
  expect(again.toString('base64').replace(/=+$/, '')).toBe(hash);
  expect(Buffer.from(salt!, 'base64')).toHaveLength(16);
  expect(await scryptPasswords().verify('correct horse battery', text)).toBe(true);
  expect(await scryptPasswords().verify('correct horse batterz', text)).toBe(false);
});

it('the same password has another hash each time', async () => {
  expect(await cheap.hash('correct horse battery')).not.toBe(await cheap.hash('correct horse battery'));
});

it('a hash that was made at another cost is verified at that cost', async () => {
  const text = await scryptPasswords({ logN: 2, r: 2, p: 2 }).hash('correct horse battery');
  expect(await cheap.verify('correct horse battery', text)).toBe(true);
});

it('letters that look the same are the same password, however a keyboard encodes them', async () => {
  const text = await cheap.hash('gr\u{fc}ne Ente am See');
  expect(await cheap.verify('gru\u{308}ne Ente am See', text)).toBe(true);
});

it('no password is right where there is none, or where what is stored is damaged or costs too much', async () => {
  const text = await cheap.hash('correct horse battery');
  for (const stored of [
    null,
    '',
    'correct horse battery',
    text.slice(0, -1),
    text.replace('ln=1,', 'ln=25,'),
    text.replace('ln=1,', 'ln=0,'),
    text.replace('r=1,', 'r=99,'),
    text.replace('p=1', 'p=99'),
    text.replace('p=1', 'p=0'),
    text.replace(/\$[^$]*$/, '$AAAA'),
  ])
    expect(await cheap.verify('correct horse battery', stored), String(stored)).toBe(false);
});
