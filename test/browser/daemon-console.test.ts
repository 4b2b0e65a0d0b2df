import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Verdict, verdictSchema } from '../../src/core/verdict.ts';
import { DaemonProcess, endAllDaemons, layFolder, linesOf } from '../line/daemon-process.ts';
import { openChromium } from './chromium.ts';

let browser: Browser;
let folder = '';
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser?.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-console-'));
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

/** More than are decided: a lease that is on its way when the page is loaded again keeps its rows from everybody for a minute. */
const MESSAGES = 90;

/** A daemon on files and the embedded database, to which every message is borderline. */
async function startDaemon(): Promise<{ readonly daemon: DaemonProcess; readonly address: string }> {
  layFolder(folder, 'decide: { rejectMin: 0, rejectMax: 1, exactScores: all }\n');
  const lines = Array.from({ length: MESSAGES }, (_, index) =>
    JSON.stringify({
      community: 'forum',
      message_id: `m${index + 1}`,
      message: `Message number ${index + 1}: w\u200Bin a free prize on prize.example today, <b>my friend</b>.`,
      sender: `user ${index + 1}`,
    }),
  );
  writeFileSync(join(folder, 'data', 'inbox', 'in.jsonl'), `${lines.join('\n')}\n`);
  const daemon = await DaemonProcess.start(
    folder,
    '--set',
    'http.api.enabled=true',
    '--set',
    'http.api.port=0',
  );
  await daemon.until(() => daemon.log.includes('Console: '));
  return { daemon, address: /Console: (\S+)/.exec(daemon.log)![1]! };
}

const ofPeople = (): readonly Verdict[] =>
  linesOf(join(folder, 'data', 'verdicts.jsonl'))
    .map((line) => verdictSchema.parse(JSON.parse(line)))
    .filter(({ decided_by }) => decided_by === 'human');

const numberShown = async (page: Page) =>
  Number(/number (\d+)/.exec((await page.locator('.msg').textContent()) ?? '')?.[1]);

/** Decides the message that is shown by its number, and returns it. */
async function decideOne(page: Page): Promise<readonly [number, 'spam' | 'ham']> {
  const number = await numberShown(page);
  const label = number % 2 === 0 ? 'ham' : 'spam';
  await page.keyboard.press(label === 'spam' ? 's' : 'h');
  // The queue may have to be asked for more.
  await expect.poll(() => numberShown(page).catch(() => 0)).not.toBe(number);
  return [number, label];
}

it('from the address that the daemon prints to verdicts: fifty messages decided by keys, five taken back, a reload in between', async () => {
  const { daemon, address } = await startDaemon();
  const page = await browser.newPage({ locale: 'en-US', reducedMotion: 'reduce' });
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text());
  });
  await page.goto(address);
  await page.waitForSelector('.b-spam');
  expect(page.url()).not.toContain('token');
  await daemon.until(
    async () => (await page.locator('.live').textContent())?.includes(`left ${MESSAGES}`) ?? false,
    30,
  );
  await page.reload();
  await page.waitForSelector('.msg mark');
  expect(await page.locator('.undone').textContent()).toContain('U+200B');
  const wanted = new Map<number, 'spam' | 'ham'>();
  const takeBack = async () => {
    const last = [...wanted.keys()].at(-1)!;
    await page.keyboard.press('z');
    await expect.poll(() => numberShown(page)).toBe(last);
    wanted.delete(last);
  };
  for (let i = 0; i < 30; i++) wanted.set(...(await decideOne(page)));
  for (let i = 0; i < 3; i++) await takeBack();
  for (let i = 0; i < 10; i++) wanted.set(...(await decideOne(page)));
  await page.reload();
  await page.waitForSelector('.msg');
  for (let i = 0; i < 2; i++) await takeBack();
  for (let i = 0; i < 15; i++) wanted.set(...(await decideOne(page)));
  await daemon.until(async () => {
    const verdicts = new Map(ofPeople().map((verdict) => [verdict.message_id, verdict.verdict]));
    return [...wanted].every(([number, label]) => verdicts.get(`m${number}`) === label);
  }, 30);
  expect(wanted.size).toBe(50);
  await page.keyboard.press('?');
  await page.fill('input[name=password]', 'twelve letters');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('.password').textContent()).toContain('The password is set');
  await page.keyboard.press('Escape');
  await page.goto(`${new URL(address).origin}/activity`);
  await page.waitForSelector('tbody tr');
  expect(await page.locator('.banner-problem').count()).toBe(0);
  expect(complaints).toEqual([]);
});
