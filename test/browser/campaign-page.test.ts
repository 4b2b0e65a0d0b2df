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

const campaign = () => server.desk.rows.filter(({ campaign }) => campaign === 1);
const labels = () => campaign().map(({ label }) => label);
const focused = 'document.activeElement?.closest("dialog") !== null';

/** At the first message, with its campaign beside it. */
async function open(): Promise<Page> {
  server = await startStubServer({ messages: sampleMessages });
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${server.url}/review`);
  await page.waitForSelector('.campaign');
  return page;
}

describe('a campaign', () => {
  it('is decided once with one message left out, though the answer is lost, and taken back as one', async () => {
    const page = await open();
    expect(await page.locator('.campaign').textContent()).toContain('6 messages, 6 senders');
    await page.keyboard.press('c');
    await page.waitForSelector('dialog.preview .previewed li');
    expect(await page.locator('.preview-count').textContent()).toBe('6 messages will be decided');
    // Keys of the page do nothing behind the dialog.
    await page.keyboard.press('k');
    const runners = page.locator('.previewed li', { hasText: 'Laufgruppe' });
    await runners.getByRole('checkbox').press('Space');
    expect(await page.locator('.preview-count').textContent()).toBe(
      '5 messages will be decided · 1 left out',
    );
    await page.route(
      '**/api/v1/decisions',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await page.keyboard.press('s');
    await expect
      .poll(() => page.locator('dialog [role=alert]').textContent())
      .toContain('it is made only once');
    expect(await runners.getByRole('checkbox').isChecked()).toBe(true);
    await page.keyboard.press('s');
    await expect.poll(() => page.locator('.toast').textContent()).toContain('5 messages marked as spam');
    expect(await page.locator('dialog.preview').count()).toBe(0);
    expect(labels()).toEqual(['spam', 'spam', 'spam', null, 'spam', 'spam']);
    expect(server.desk.decisions).toHaveLength(1);
    // The next message is there, without those that were decided.
    expect(await page.locator('.msg').first().textContent()).toContain('I saw your profile');
    await expect.poll(() => page.locator('.live').textContent()).toContain('today 5');
    const loaded = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/review/1'));
    await page.keyboard.press('z');
    await expect.poll(labels).toEqual([null, null, null, null, null, null]);
    await expect.poll(() => page.locator('.msg').first().textContent()).toContain('meine Bilder findest du');
    expect(await page.locator('.toast').textContent()).toContain('5 messages are open again');
    await expect.poll(() => page.locator('.live').textContent()).toContain('today 0');
    await expect.poll(() => page.locator('.campaign').textContent()).toContain('6 messages, 6 senders');
    // What is shown again is the row as it is now, so that an edit in the meantime is noticed.
    await (await loaded).finished();
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    const { version } = server.desk.row(1);
    const sent = page.waitForRequest((request) => request.url().endsWith('/decisions'));
    await page.keyboard.press('s');
    expect((await sent).postDataJSON()).toEqual({ label: 'spam', items: [{ review_id: 1, version }] });
  });

  it('keeps the focus in its dialog and gives it back, says a refusal in words, and axe finds nothing', async () => {
    const page = await open();
    const button = page.getByRole('button', { name: 'Decide all' });
    await button.press('Enter');
    await page.waitForSelector('dialog.preview .previewed li');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate('document.activeElement.className')).toBe('b-campaign');
    await button.press('Enter');
    await page.waitForSelector('dialog.preview .previewed li');
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const axe = new AxeBuilder({ page });
      // Nothing but colors depends on the theme.
      if (colorScheme === 'dark') axe.withRules(['color-contrast']);
      const { violations } = await axe.analyze();
      for (const { id, nodes } of violations) found.push(`${colorScheme} ${id}: ${nodes[0]!.html}`);
    }
    expect(found).toEqual([]);
    const places = new Set<string | null>();
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      // The browser's own controls are the only other stop.
      expect(await page.evaluate(`${focused} || document.activeElement === document.body`)).toBe(true);
      places.add(await page.evaluate<string>('document.activeElement.textContent'));
    }
    for (const name of ['Spam S', 'Not spam H', 'Cancel']) expect([...places]).toContain(name);
    for (const { id } of campaign())
      server.desk.change(id, { state: 'labelled', label: 'ham', decided_by: 'ada' });
    await page.getByRole('dialog').getByRole('button', { name: 'Not spam' }).press('Enter');
    await expect
      .poll(() => page.locator('dialog [role=alert]').textContent())
      .toContain('Others have decided them');
    expect(server.desk.decisions).toHaveLength(0);
    await page.getByRole('button', { name: 'Load again' }).press('Enter');
    await expect.poll(() => page.locator('.preview-count').textContent()).toBe('0 messages will be decided');
    expect(await page.locator('.preview-facts').textContent()).toContain('decided as not spam by ada');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('dialog.preview').count()).toBe(0);
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main');
  });
});
