import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openChromium } from './chromium.ts';
import { sampleMessages } from './sample-messages.ts';
import { sampleExplanation } from './stub-explanation.ts';
import { startStubServer } from './stub-server.ts';

/**
 * Pictures of each page, light, dark and as on a phone: `npm run screenshots -- FOLDER`. To be looked at whenever a page was changed.
 */
const folder = process.argv[2] ?? 'screenshots';

const pages: readonly (readonly [string, string, ((page: Page) => Promise<void>)?])[] = [
  ['review', '/review'],
  [
    'review-decided',
    '/review',
    async (page) => {
      await page.keyboard.press('s');
      await page.waitForTimeout(300);
    },
  ],
  [
    'campaign',
    '/review?id=1',
    async (page) => {
      await page.waitForSelector('.campaign');
      await page.keyboard.press('c');
      await page.waitForSelector('.previewed li');
    },
  ],
  ['why-here', '/review?id=9'],
  ['table', '/review?view=table'],
  [
    'settings',
    '/review',
    async (page) => {
      await page.keyboard.press('?');
      await page.waitForTimeout(100);
    },
  ],
  [
    'try',
    '/try',
    async (page) => {
      await page.fill('textarea', 'Hello, my new pictures are on pictures.example.com');
      await page.click('button[type=submit]');
      await page.waitForSelector('.verdict');
    },
  ],
  ['models', '/models'],
  [
    'models-activate',
    '/models',
    async (page) => page.getByRole('button', { name: 'Activate…' }).first().click(),
  ],
  [
    'thresholds',
    '/thresholds',
    async (page) => {
      await page.getByLabel('Upper threshold, as a number').fill('0.9');
      await page.keyboard.press('Tab');
      await page.getByRole('button', { name: 'Show messages that would change' }).click();
      await page.waitForSelector('.band-changed li');
    },
  ],
  ['dead-letters', '/dead-letters'],
  ['activity', '/activity'],
  ['training', '/training'],
  [
    'training-relabeled',
    '/training?class=spam',
    async (page) => {
      await page.locator('.cell-button').first().click();
      for (const key of ['x', 'j', 'j', 'Shift+X', 'h']) await page.keyboard.press(key);
      await page.waitForSelector('.toast');
    },
  ],
  [
    'label-next',
    '/training?view=next',
    async (page) => {
      await page.waitForSelector('.message-card .msg');
      for (let answer = 0; answer < 24; answer++) {
        const text = (await page.locator('.message-card .msg').textContent()) ?? '';
        const row = await page.locator('.message-card').getAttribute('data-row');
        await page.keyboard.press(/^(Win|Claim|Collect|Grab)/.test(text) ? 's' : 'h');
        await page.waitForSelector(`.message-card:not([data-row="${row}"])`);
      }
      await page.waitForSelector('.toast');
    },
  ],
  ['overview', '/overview', withHistory],
  ['configuration', '/settings'],
  [
    'people',
    '/people',
    async (page) => {
      await page.getByRole('button', { name: 'Create a link' }).click();
      await page.waitForSelector('.secret');
    },
  ],
  ['people-plain', '/people'],
  ['erasure', '/erasure'],
  [
    'erasure-preview',
    '/erasure',
    async (page) => {
      await page.getByLabel('Sender', { exact: true }).fill('4711');
      await page.getByRole('button', { name: 'Count first' }).click();
      await page.waitForSelector('.confirm');
    },
  ],
  [
    'erasure-proof',
    '/erasure',
    async (page) => {
      await page.getByLabel('Sender', { exact: true }).fill('4711');
      await page.getByRole('button', { name: 'Count first' }).click();
      await page.getByLabel('To confirm, write').fill('4711');
      await page.getByRole('button', { name: 'Erase for good' }).click();
      await page.waitForSelector('.outcome:has-text("nothing was found again")');
    },
  ],
];

/** Lets time pass thirty times as fast, so that the charts have some minutes to show. */
async function withHistory(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { now } = Date;
    const start = now();
    Date.now = () => start + (now() - start) * 30;
  });
  await page.reload();
  await page.waitForTimeout(9000);
}

const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1360, height: 760 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1360, height: 760 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 360, height: 780 } },
] as const;

const browser = await openChromium();
const server = await startStubServer({
  messages: sampleMessages,
  role: 'admin',
  explanation: (id) => (id === 1 ? sampleExplanation(sampleMessages[0]!.message) : undefined),
});
try {
  await mkdir(folder, { recursive: true });
  for (const { name: look, ...context } of looks) {
    const opened = await browser.newContext({ ...context, locale: 'en-US', reducedMotion: 'reduce' });
    for (const [name, path, act] of pages) {
      const page = await opened.newPage();
      await page.goto(server.url + path);
      await page.waitForSelector('main .card');
      await page.waitForTimeout(400);
      await act?.(page);
      await page.screenshot({
        path: join(folder, `${name}-${look}.png`),
        fullPage: /people|erasure|overview|thresholds/.test(path),
      });
      await page.close();
    }
    await opened.close();
  }
  server.loggedOut = true;
  server.people.openid = 'Example Corp single sign-on';
  const page = await browser.newPage({ viewport: looks[0].viewport });
  await page.goto(server.url);
  await page.waitForSelector('form');
  await page.screenshot({ path: join(folder, 'log-in-light.png') });
} finally {
  await browser.close();
  await server.close();
}
