import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/core/roles.ts';
import { openChromium } from './chromium.ts';
import { StubProblem } from './stub-desk.ts';
import { type StubServer, startStubServer } from './stub-server.ts';

let browser: Browser;
let server: StubServer;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await server.close();
});

async function open({ role = 'lead', width = 1200 }: { role?: Role; width?: number } = {}): Promise<Page> {
  complaints.length = 0;
  server = await startStubServer({ messages: [], role });
  const context = await browser.newContext({
    ...{ locale: 'en-US', reducedMotion: 'reduce', viewport: { width, height: 740 } },
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) complaints.push(request.url());
  });
  await page.goto(`${server.url}/thresholds`);
  await page.waitForSelector('main .card:not(.notice)');
  return page;
}

const row = (page: Page, name: string) =>
  page.locator('.band-table tr', { hasText: name }).locator('td').allTextContents();
const accusations = 'Not spam, called spam';

describe('the page of thresholds', () => {
  it('shows rates of other thresholds as a slider moves by keyboard, without a request, and saves with a reason', async () => {
    const page = await open();
    expect(await row(page, accusations)).toEqual(['3.13%', '3.13%']);
    expect(await row(page, 'left to people')).toEqual(['3%', '3%']);
    await page.getByRole('slider', { name: 'Upper threshold' }).press('End');
    expect(await row(page, accusations)).toEqual(['3.13%', '0%']);
    await page.getByLabel('Upper threshold, as a number').fill('0.8');
    await page.keyboard.press('Tab');
    expect(await row(page, accusations)).toEqual(['3.13%', '1.25%']);
    expect(await row(page, 'left to people')).toEqual(['3%', '6%']);
    const { violations } = await new AxeBuilder({ page }).include('main').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)).toEqual([]);
    const alert = () => page.locator('form [role=alert]').textContent();
    await page.getByRole('button', { name: 'Save thresholds' }).press('Enter');
    await expect.poll(alert).toBe('Write a reason.');
    await page.keyboard.type('too many accusations');
    server.thresholds.refusal = new StubProblem(409, 'thresholds-refused');
    await page.keyboard.press('Enter');
    await expect.poll(alert).toContain('Nothing was saved.');
    expect(server.thresholds.saved).toEqual([]);
    await page.getByRole('button', { name: 'Save thresholds' }).press('Enter');
    await expect.poll(() => page.locator('.band-saved').textContent()).toContain('Saved.');
    expect(server.thresholds.saved).toEqual([
      { reject_min: 0.5, reject_max: 0.8, why: 'too many accusations' },
    ]);
    await expect.poll(() => row(page, accusations)).toEqual(['1.25%', '1.25%']);
    expect(complaints).toEqual([]);
  });

  it('never has the lower threshold above the upper one', async () => {
    const page = await open();
    await page.getByRole('slider', { name: 'Lower threshold' }).press('End');
    expect(await page.getByLabel('Upper threshold, as a number').inputValue()).toBe('1');
    await page.getByLabel('Upper threshold, as a number').fill('0.2');
    await page.keyboard.press('Tab');
    expect(await page.getByLabel('Lower threshold, as a number').inputValue()).toBe('0.2');
  });

  it('says that review rows alone are biased, and shows hostile messages that would change as text, on a phone too', async () => {
    const page = await open({ width: 360 });
    await page.getByRole('radio', { name: /Other decided rows/ }).check();
    expect(await page.locator('.band-warning').textContent()).toContain('Biased');
    await page.getByLabel('Upper threshold, as a number').fill('0.9');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Show messages that would change' }).press('Enter');
    await expect.poll(() => page.locator('.band-changed li').count()).toBe(6);
    expect(await page.locator('.band-changed [role=status]').textContent()).toContain(
      '60 messages would change; 6',
    );
    expect(
      await page.locator('.band-changed li script, .band-changed li img, .band-changed li a').count(),
    ).toBe(0);
    const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(wide).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });

  it('is not for moderators', async () => {
    const page = await open({ role: 'moderator' });
    expect(await page.locator('main').textContent()).not.toContain('Upper threshold');
    expect(server.strays).toEqual([]);
  });
});
