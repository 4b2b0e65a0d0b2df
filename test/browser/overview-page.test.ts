import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openChromium } from './chromium.ts';
import { StubProblem } from './stub-desk.ts';
import { type StubServer, startStubServer } from './stub-server.ts';

let browser: Browser;
const servers: StubServer[] = [];
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  for (const server of servers.splice(0)) await server.close();
});

async function open(path: string): Promise<{ readonly server: StubServer; readonly page: Page }> {
  const server = await startStubServer({ messages: [] });
  servers.push(server);
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(server.url + path);
  await page.waitForSelector('main .card');
  return { server, page };
}

/** As the browser does for a tab that is covered by another. */
const setVisibility = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);

const status = (page: Page) => page.locator('.live-status [role=status]').textContent();
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

describe('the page Overview', () => {
  it('shows the figures as they come, each chart with its figures as text', async () => {
    const { server, page } = await open('/overview');
    await page.waitForSelector('.figures');
    expect(await status(page)).toBe('Live');
    expect(await card(page, 'Review queue').textContent()).toContain('4,812 messages wait');
    expect(await card(page, 'Lag by partition').locator('tbody tr').count()).toBe(8);
    const chart = await card(page, 'Messages per second').getByRole('img').getAttribute('aria-label');
    expect(chart).toMatch(
      /^Messages per second, last five minutes\. not spam: now \d+, lowest \d+, highest \d+\. /,
    );
    server.overview.changes = { ready: false, reasons: ['the broker does not answer'], queue: null };
    await expect.poll(() => card(page, 'Not ready').textContent()).toContain('the broker does not answer');
    expect(await card(page, 'Review queue').textContent()).toContain('The database does not answer');
  });

  it('shows the true rates with their intervals beside the biased ones, and what to do where there are none', async () => {
    const { server, page } = await open('/overview');
    const text = () => card(page, 'True rates of the last 30 days').textContent();
    await expect.poll(text).toContain('91.4% 80.2% … 97.3%');
    expect(await text()).toContain('0.042% 0.013% … 0.11%');
    expect(await text()).toContain('Review rows alone (biased)');
    expect(await text()).toContain('1,204 messages drawn, 1,101 decided, 19 unsure');
    const [all] = server.overview.audit.groups;
    server.overview.audit = {
      ...server.overview.audit,
      groups: [{ ...all!, drawn: 40, decided: 12, estimates: { missing: 'too few' } }],
    };
    await page.reload();
    await expect.poll(text).toContain('decide 18 more');
    server.overview.audit = {
      ...server.overview.audit,
      drawing: false,
      groups: [{ ...all!, drawn: 0, decided: 0, estimates: { missing: 'nothing' } }],
    };
    await page.reload();
    await expect.poll(text).toContain('Set audit.rate');
  });

  it('says of a process without a pipeline what is not there and where it is', async () => {
    const { server, page } = await open('/overview');
    server.overview.changes = { process: 'console', pipeline: null, outbox_published: 'by-daemon' };
    await expect.poll(() => page.locator('main').textContent()).toContain('at the address of a daemon');
    expect(await card(page, 'Messages per second').count()).toBe(0);
    expect(await card(page, 'Review queue').textContent()).toContain('which the daemon alone writes');
  });

  it('the overview keeps its figures while the server is unreachable, shows their age, and connects again by itself', async () => {
    const { server, page } = await open('/overview');
    await page.waitForSelector('.figures');
    server.overview.refusal = new StubProblem(503, 'unavailable');
    server.overview.cut();
    await expect.poll(() => status(page)).toBe('Connection lost');
    expect(await card(page, 'Review queue').textContent()).toContain('4,812');
    await expect.poll(() => page.locator('.live-age').textContent()).toMatch(/last figures [1-9]\d* s ago/);
    const before = server.overview.asked;
    server.overview.refusal = undefined;
    await expect.poll(() => status(page), { timeout: 10_000 }).toBe('Live');
    expect(server.overview.asked).toBe(before + 1);
    expect(server.overview.open).toBe(1);
  });

  it('asks for a login where the session has ended, and does not ask again and again', async () => {
    const { server, page } = await open('/overview');
    await page.waitForSelector('.figures');
    server.loggedOut = true;
    server.overview.cut();
    await expect.poll(() => status(page)).toBe('Not allowed');
    await page.getByRole('link', { name: 'Log in again' }).click();
    await page.waitForSelector('input[name=password]');
  });

  it('has no stream while the tab is hidden or the person has paused, and none after another page was opened', async () => {
    const { server, page } = await open('/overview');
    await page.waitForSelector('.figures');
    await setVisibility(page, 'hidden');
    await expect.poll(() => server.overview.open).toBe(0);
    const { asked } = server.overview;
    await page.waitForTimeout(1500);
    expect(server.overview.asked).toBe(asked);
    await setVisibility(page, 'visible');
    await expect.poll(() => server.overview.open).toBe(1);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => server.overview.open).toBe(0);
    expect(await status(page)).toBe('Paused');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect.poll(() => status(page)).toBe('Live');
    await page.getByRole('link', { name: 'Try' }).click();
    await expect.poll(() => server.overview.open).toBe(0);
  });
});

describe('the page Configuration', () => {
  it('shows values with their sources, hides secrets, and keeps the search in the address', async () => {
    const { page } = await open('/settings');
    expect(await page.locator('tbody tr').count()).toBe(5);
    const row = (name: string) => page.getByRole('row', { name });
    expect(await row('store.mysql.password').textContent()).toContain('set, and hidden');
    expect(await row('decide.rejectMin').textContent()).toMatch(
      /0\.42.*ZooKeeper.*reject-min.*while running/,
    );
    expect(await row('pool.threads').textContent()).toContain('takes effect at the next start');
    await page.getByLabel('Search settings').fill('THREADS score');
    expect(await page.locator('tbody tr').count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?q=THREADS+score');
    await page.reload();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByLabel('Search settings').fill('nothing like it');
    await page.getByRole('button', { name: 'Show all settings' }).click();
    await page.getByLabel('Only those that are set').check();
    expect(await page.locator('tbody tr').count()).toBe(4);
  });
});
