import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openChromium } from './chromium.ts';
import { hostileMessages } from './hostile-messages.ts';
import { sampleMessages } from './sample-messages.ts';
import { type StubOptions, type StubServer, startStubServer } from './stub-server.ts';

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

async function open(path = '/training', options: Partial<StubOptions> = {}): Promise<Page> {
  server = await startStubServer({ messages: sampleMessages, ...options });
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(server.url + path);
  await page.waitForSelector('tbody tr');
  return page;
}

const classes = () => server.training.rows.map((row) => row.class);
const toast = (page: Page) => page.locator('.toast').textContent();
const press = async (page: Page, ...keys: readonly string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

describe('the page of the training data', () => {
  it('relabels a range of rows by keys alone, and takes it back, also after a reload', async () => {
    const page = await open();
    const before = classes();
    await press(page, 'j', 'x', 'j', 'Shift+J', 'Shift+X');
    expect(await page.locator('.table-act [role=status]').textContent()).toBe('3 selected');
    await press(page, 's');
    // Of rows 2 to 4 one was ham.
    await expect.poll(() => toast(page)).toContain('Relabeled as spam');
    expect(classes().slice(0, 5)).toEqual(['spam', 'spam', 'spam', 'spam', 'spam']);
    expect(await page.locator('tbody tr').nth(1).textContent()).toContain('Spam');
    await press(page, 'z');
    await expect.poll(() => toast(page)).toContain('its earlier label');
    expect(classes()).toEqual(before);
    expect(await page.locator('tbody tr').nth(1).textContent()).toContain('Not spam');
    await press(page, 'x', 'h');
    await expect.poll(() => classes()[3]).toBe('ham');
    await page.reload();
    await page.waitForSelector('.table-act button:last-child:enabled');
    await press(page, 'z');
    await expect.poll(classes).toEqual(before);
    await expect.poll(() => toast(page)).toContain('Undone');
    await press(page, 'z');
    await expect.poll(() => toast(page)).toContain('There is nothing to undo');
  });

  it('shows imported rows that nobody has labeled as such, and sends the same label for a row that a label step labeled', async () => {
    server = await startStubServer({ messages: sampleMessages });
    const { rows } = server.training;
    const nobody = { labelled_by: null, labelled_at: null, decision: null };
    rows[0] = { ...rows[0]!, ...nobody, class: null };
    rows[1] = { ...rows[1]!, ...nobody, class: 'ham', labelled_by: 'step:7' };
    const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${server.url}/training`);
    await page.waitForSelector('tbody tr');
    expect(await page.locator('tbody tr').first().textContent()).toContain('Not labeled');
    await press(page, 'x', 'h');
    await expect.poll(() => classes()[0]).toBe('ham');
    const sent = page.waitForRequest((request) => request.method() === 'PATCH');
    await press(page, 'j', 'h');
    expect((await sent).postDataJSON()).toMatchObject({ label: 'ham', ids: [rows[1]!.id] });
  });

  it('asks before it changes more than fifty rows, and does nothing where the answer is no', async () => {
    const page = await open('/training?class=spam');
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.getByLabel('Select all on this page').check();
    await press(page, 'h');
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toContain('Relabel 55 messages as “Not spam”?');
    await press(page, 's', 'Escape');
    await expect.poll(() => dialog.count()).toBe(0);
    expect(server.training.decisions).toHaveLength(0);
    await press(page, 'h', 'Enter');
    await expect.poll(() => toast(page)).toContain('55 messages relabeled as not spam');
    expect(server.training.decisions).toHaveLength(1);
    expect(new Set(classes())).toEqual(new Set(['ham']));
  });

  it('makes a change once though its answer is lost, and says what happened where it cannot be made', async () => {
    const page = await open();
    await page.route(
      '**/api/v1/training',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await press(page, 'x', 'h');
    await expect.poll(() => page.locator('.banner').textContent()).toContain('it is done only once');
    await press(page, 'h');
    await expect.poll(() => toast(page)).toContain('Relabeled as not spam');
    expect([server.training.decisions.length, new Set(server.training.keys).size]).toEqual([1, 1]);
    expect(await page.locator('.banner').count()).toBe(0);
    server.training.rows.splice(1, 1);
    await press(page, 'j', 's');
    await expect.poll(() => page.locator('.banner').textContent()).toContain('messages are gone');
    expect(server.training.decisions).toHaveLength(1);
  });

  it('has its filters in the address, and leads to the review row and to the entry of the decision', async () => {
    const page = await open();
    await press(page, '/');
    await page.keyboard.type('offer number 1');
    await expect.poll(() => new URL(page.url()).search).toBe('?q=offer+number+1');
    await expect.poll(() => page.locator('header .live').textContent()).toBe('11 messages');
    await press(page, 'Escape');
    await page.locator('summary').click();
    await page.locator('.more-fields select').selectOption('ham');
    await expect.poll(() => new URL(page.url()).search).toBe('?q=offer+number+1&class=ham');
    await page.getByRole('button', { name: 'Remove the filter Label' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?q=offer+number+1');
    await page.goto(`${server.url}/training?q=nothing+like+this`);
    await expect.poll(() => page.locator('main').textContent()).toContain('No message fits the filters');
    await page.goto(`${server.url}/training`);
    await page.waitForSelector('tbody tr');
    const links = page.locator('tbody tr').first().getByRole('link');
    expect(await links.nth(0).getAttribute('href')).toBe('/review?id=1');
    const at = server.training.rows[0]!.labelled_at!;
    expect(await links.nth(1).getAttribute('href')).toBe(`/activity?who=ada&from=${at}&to=${at + 1}`);
  });

  it('shows hostile messages as text, whole ones too', async () => {
    const messages = hostileMessages.filter(({ message }) => message.length < 30_000);
    const page = await open('/training', { messages });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.evaluate('document.querySelectorAll(".cell-button").forEach((button) => button.click())');
    await page.waitForSelector('.unfolded .msg');
    const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(wide)).toBe(0);
    const foreign = 'document.querySelectorAll("script, iframe, object, svg, img, a[href^=j]").length';
    expect(await page.evaluate(foreign)).toBe(1);
    expect(await page.title()).toBe('Training data · Sluice');
    expect(server.strays).toEqual([]);
  });

  it('says what to do where the data cannot be loaded', async () => {
    const page = await open();
    await page.route('**/api/v1/training?*', (route) => route.abort());
    await page.reload();
    await expect.poll(() => page.locator('main').textContent()).toContain('could not be loaded');
    await page.unroute('**/api/v1/training?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector('tbody tr');
  });
});

describe('the activity page', () => {
  it('has its filters in the address, and exports all that they find', async () => {
    const page = await open('/review?view=table');
    for (const index of [1, 2, 3])
      server.desk.decide(`k${index}`, { label: 'ham', items: [{ review_id: index }] });
    server.desk.undo('k4', 1);
    await page.goto(`${server.url}/activity?what=decision`);
    await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('activity.jsonl');
    expect(new URL(download.url()).search).toBe('?what=decision&format=jsonl');
    await page.getByRole('button', { name: 'Remove the filter What' }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(4);
    await page.goto(`${server.url}/activity?who=nobody`);
    await expect.poll(() => page.locator('main').textContent()).toContain('No entry fits the filters');
  });
});
