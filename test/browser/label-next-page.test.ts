import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openChromium } from './chromium.ts';
import { sampleMessages } from './sample-messages.ts';
import { type StubServer, startStubServer } from './stub-server.ts';

let browser: Browser;
let server: StubServer;

beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await server.close();
});

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  server = await startStubServer({ messages: sampleMessages });
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(`${server.url}/training`);
  await page.waitForSelector('tbody tr');
  await page.keyboard.press('b');
  await page.waitForSelector('.message-card .msg');
  return page;
}

const rowOf = (page: Page) => page.locator('.message-card').getAttribute('data-row');
const toast = (page: Page) => page.locator('.toast').textContent();

describe('the page that asks what to label next', () => {
  it('is worked by keys alone: labels, skips, takes back, and shows the quality after ten labels of each class', async () => {
    const page = await open();
    expect(new URL(page.url()).search).toBe('?view=next');
    const { labels } = server;
    const before = await rowOf(page);
    await page.keyboard.press('s');
    await expect.poll(() => toast(page)).toContain('Labeled as spam');
    await expect.poll(() => rowOf(page)).not.toBe(before);
    expect(labels.decisions).toEqual([{ label: 'spam', ids: [Number(before)], isUndone: false }]);
    await page.keyboard.press('z');
    await expect.poll(() => rowOf(page)).toBe(before);
    expect(labels.decisions[0]!.isUndone).toBe(true);
    await page.keyboard.press('k');
    await expect.poll(() => toast(page)).toContain('Skipped');
    for (let answer = 0; answer < 24; answer++) {
      const row = (await rowOf(page))!;
      const { message } = labels.table.table[Number(row) - 1]!;
      await page.keyboard.press(/^(Win|Claim|Collect|Grab)/.test(message) ? 's' : 'h');
      await expect.poll(() => rowOf(page), { interval: 10 }).not.toBe(row);
    }
    const known = await page.locator('.label-quality').textContent();
    expect(known).toContain('Labels by people24');
    expect(known).toMatch(/95 % interval/);
    await page.keyboard.press('b');
    await page.waitForSelector('tbody tr');
  });

  it('a server that is out of order keeps the message, and the page says so', async () => {
    const page = await open();
    const row = await rowOf(page);
    server.unavailable = true;
    await page.keyboard.press('h');
    await expect.poll(() => page.locator('.banner').textContent()).toContain('Nothing was changed');
    expect(await rowOf(page)).toBe(row);
    server.unavailable = false;
    await page.keyboard.press('h');
    await expect.poll(() => rowOf(page)).not.toBe(row);
    expect(server.labels.decisions).toHaveLength(1);
  });

  it.each(['light', 'dark'] as const)('has no axe violation in %s, and fits 360 px', async (colorScheme) => {
    const page = await open({ colorScheme, viewport: { width: 360, height: 780 } });
    await page.getByRole('button', { name: 'Not spam' }).first().click();
    await page.waitForSelector('.toast');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });
});
