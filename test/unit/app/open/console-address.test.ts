import { expect, it } from 'vitest';
import { consoleAddress } from '../../../../src/app/open/console-address.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import { RecordingLog } from '../../pipeline/fakes.ts';

const api = 'http://127.0.0.1:8077';
const addressWith = (firstAdminToken: () => Promise<string | undefined>, log = new RecordingLog()) =>
  consoleAddress(api, { firstAdminToken }, log);

it('consoleAddress has a one-time token until there is an admin', async () => {
  expect(await addressWith(async () => 'abc')).toBe('http://127.0.0.1:8077/?token=abc');
  expect(await addressWith(async () => undefined)).toBe('http://127.0.0.1:8077/');
});

it('consoleAddress lets a daemon start while the database is unavailable, and says what it lacks', async () => {
  const log = new RecordingLog();
  const away = async () => {
    throw new SluiceError('STORE_FAILED', 'no answer', { retriable: true });
  };
  expect(await addressWith(away, log)).toBe('http://127.0.0.1:8077/');
  expect(JSON.stringify(log.lines)).toContain('the next start makes the link');
});
