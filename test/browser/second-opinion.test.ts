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

async function open(prepare: (page: Page) => Promise<unknown> = async () => {}): Promise<Page> {
  server = await startStubServer({ messages: sampleMessages });
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await prepare(page);
  await page.goto(`${server.url}/review`);
  return page;
}

describe('beside a message', () => {
  it('the nearest labeled messages and the agreement are shown, without a finding of axe and at 360 px', async () => {
    const page = await open();
    await page.waitForSelector('.nearest-list');
    const [first, second] = await page.locator('.nearest-list li').all();
    expect(await first!.textContent()).toContain('83 % alike');
    expect(await first!.textContent()).toContain('anna');
    expect(await second!.textContent()).toContain('training data');
    await page.locator('.agreement summary').click();
    await expect.poll(() => page.locator('.agreement table').textContent()).toContain('0.83 0.68 … 0.98');
    const { violations } = await new AxeBuilder({ page }).include('.side').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it('nearest messages that cannot be loaded leave the message to be decided, and can be asked for again', async () => {
    const page = await open((page) =>
      page.route('**/review/*/nearest', (route) => route.abort(), { times: 1 }),
    );
    await page.waitForSelector('.nearest button');
    await page.locator('.nearest button').click();
    await page.waitForSelector('.nearest-list');
    await page.keyboard.press('s');
    await expect.poll(() => server.desk.decisions.length).toBe(1);
  });

  it('messages that are only passed ask for none', async () => {
    const asked: string[] = [];
    const page = await open(async (page) => {
      page.on('request', (request) => {
        if (request.url().endsWith('/nearest')) asked.push(request.url());
      });
    });
    await page.waitForSelector('.nearest-list');
    for (const key of ['j', 'j', 'j', 'j']) await page.keyboard.press(key);
    await expect.poll(() => page.locator('.position').textContent()).toMatch(/^5 of/);
    await expect.poll(() => asked.length).toBe(2);
  });

  it('a lead sees both answers where two differ', async () => {
    const page = await open(async () => {
      server.desk.change(1, {
        state: 'open',
        reporters: 2,
        answers: [
          { by: 'anna', label: 'spam', at: 0 },
          { by: 'ben', label: 'unsure', at: 0 },
        ],
      });
    });
    await expect
      .poll(() => page.locator('.why-here').allTextContents())
      .toEqual([
        'Here because two people gave different answers. Yours decides. anna: Spam, ben: Unsure',
        'Reported by 2 people.',
      ]);
  });

  it('the score and the reasons of an audit row are hidden and not asked for until it is decided', async () => {
    const asked: string[] = [];
    const page = await open(async (page) => {
      server.desk.change(1, { state: 'open', origin: 'audit', probability: null, reasons: [] });
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    });
    await page.waitForSelector('.nearest-list');
    expect(await page.locator('.scale').textContent()).toBe(
      'Audit sample: the score is shown after you decide.',
    );
    expect(await page.locator('.side').textContent()).toContain(
      'Audit sample: the reasons are shown after you decide.',
    );
    expect(await page.locator('.why-here').allTextContents()).toEqual([
      'Here as an audit sample: drawn at random, whatever its score.',
    ]);
    // The next row is asked for, and this one is not.
    await expect.poll(() => asked).toContain('/api/v1/review/2/explanation');
    expect(asked).not.toContain('/api/v1/review/1/explanation');
    await page.keyboard.press('s');
    await expect.poll(() => server.desk.decisions.length).toBe(1);
  });
});
