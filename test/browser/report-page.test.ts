import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawReport } from '../../src/report/draw-report.ts';
import { comparedFacts } from '../unit/report/sample-facts.ts';
import { openChromium } from './chromium.ts';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await openChromium();
  folder = await mkdtemp(join(tmpdir(), 'sluice-report-'));
  await writeFile(join(folder, 'report.html'), (await drawReport(comparedFacts)).html);
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(
  options: Parameters<Browser['newContext']>[0],
): Promise<{ page: Page; noticed: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const noticed: string[] = [];
  const file = pathToFileURL(join(folder, 'report.html')).href;
  page.on('console', (message) => noticed.push(message.text()));
  page.on('pageerror', (error) => noticed.push(String(error)));
  page.on('request', (request) => request.url() !== file && noticed.push(request.url()));
  await page.goto(file);
  return { page, noticed };
}

/** How much wider the page is than the window. */
const overhang = (page: Page) => page.evaluate('document.documentElement.scrollWidth - innerWidth');
const colorsOf = (page: Page) =>
  page.evaluate(`[getComputedStyle(document.body).backgroundColor,
    getComputedStyle(document.querySelector('[fill="#0072b2"], [stroke="#0072b2"]')).stroke]`);

describe('the page of a report', () => {
  it.each([
    { name: 'desktop, light', options: { viewport: { width: 1280, height: 900 }, colorScheme: 'light' } },
    { name: 'phone, dark', options: { viewport: { width: 360, height: 780 }, colorScheme: 'dark' } },
  ] as const)(
    'opens from disk without a request, an error, a barrier or sideways scrolling: $name',
    async ({ options }) => {
      const { page, noticed } = await open(options);
      expect(await overhang(page)).toBe(0);
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      expect(await overhang(page)).toBe(0);
      // A picture is one thing with one description; axe would look at each of its thousands of lines, and at each row.
      await page.evaluate(`for (const plot of document.querySelectorAll('.plot')) plot.replaceChildren();
      for (const row of document.querySelectorAll('tbody tr:nth-child(n + 4)')) row.remove();`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      expect(noticed).toEqual([]);
    },
  );

  it('changes its theme by a button, and prints in light colors with its short tables', async () => {
    const { page } = await open({ colorScheme: 'light' });
    const light = await colorsOf(page);
    await page.getByRole('button', { name: 'Dark theme' }).click();
    const dark = await colorsOf(page);
    expect(dark).not.toEqual(light);
    await page.emulateMedia({ media: 'print' });
    expect((await colorsOf(page)) as string[]).toEqual(['rgba(0, 0, 0, 0)', (light as string[])[1]]);
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await page.locator('details.brief').first().isVisible()).toBe(true);
    expect(await page.locator('details:not(.brief)').first().isVisible()).toBe(false);
  });

  it('can be read without a script', async () => {
    const { page } = await open({ javaScriptEnabled: false });
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toContain('Worst errors');
    await page.locator('summary').first().click();
    expect(await page.locator('details table').first().isVisible()).toBe(true);
    expect(await page.locator('#theme').isVisible()).toBe(false);
  });
});
