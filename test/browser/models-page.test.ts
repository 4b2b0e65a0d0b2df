import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/core/roles.ts';
import { openChromium } from './chromium.ts';
import { hostileMessages } from './hostile-messages.ts';
import { StubProblem } from './stub-desk.ts';
import { letterOf, sampleModels } from './stub-models.ts';
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

async function open(
  path: string,
  { role = 'lead', width = 1200 }: { role?: Role; width?: number } = {},
): Promise<Page> {
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
  await page.goto(server.url + path);
  await page.waitForSelector('main .card:not(.notice)');
  return page;
}

const [newest, active, before] = sampleModels;
const alert = (page: Page) => page.locator('dialog [role=alert]').textContent();

describe('the page of models', () => {
  it('activates a version by keyboard with a reason, reports a refusal and a faster person, and shows when the daemon has it', async () => {
    const page = await open('/models');
    await page.getByRole('button', { name: `Activate…: ${newest}` }).press('Enter');
    await page.getByRole('button', { name: 'Activate', exact: true }).press('Enter');
    expect(await alert(page)).toBe('Write a reason.');
    const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)).toEqual([]);
    await page.keyboard.type('fewer misses');
    server.models.refusal = new StubProblem(422, 'model-refused');
    await page.getByRole('button', { name: 'Activate', exact: true }).press('Enter');
    await expect.poll(() => alert(page)).toContain('The model was refused.');
    server.models.refusal = new StubProblem(409, 'model-changed');
    await page.getByRole('button', { name: 'Activate', exact: true }).press('Enter');
    await expect.poll(() => alert(page)).toContain('Somebody was faster.');
    expect(server.models.changes).toEqual([]);
    await page.getByRole('button', { name: 'Activate', exact: true }).press('Enter');
    await expect.poll(() => page.locator('dialog').count()).toBe(0);
    expect(server.models.changes).toEqual([{ version: newest, reason: 'fewer misses' }]);
    await expect.poll(() => page.locator('.standing').textContent()).toContain(`still scores with ${active}`);
    server.models.list = { ...server.models.list, scores_with: newest };
    await expect.poll(() => page.locator('.standing').textContent()).toContain('This daemon scores with it.');
    expect(await page.locator('.is-active').textContent()).toContain('activated by mo: fewer misses');
    await page.getByRole('button', { name: 'Roll back…' }).press('Enter');
    await page.keyboard.type('too many misses');
    await page.getByRole('button', { name: 'Roll back', exact: true }).press('Enter');
    await expect
      .poll(() => server.models.changes.at(-1))
      .toEqual({ version: active, reason: 'too many misses' });
    expect(complaints).toEqual([]);
  });

  it('shows that the guard holds the spam of the active model back, and confirms it with a reason; shows what the shadow found, hostile text as text', async () => {
    const page = await open('/models');
    expect(await page.locator('.guard').count()).toBe(0);
    server.models.guarded = [
      {
        ...{ version: active, state: 'tripped', before, messages: 500, decided: 'guard: more spam' },
        ...{ spam_more: 26, spam_fewer: 1, review_more: 0, review_fewer: 5, began_at: 1, changed_at: 2 },
      },
    ];
    const models = { active, shadow: newest };
    server.models.shadow = {
      counts: [
        { ...models, active_verdict: 'ham', shadow_verdict: 'ham', messages: 190 },
        { ...models, active_verdict: 'ham', shadow_verdict: 'spam', messages: 10 },
      ],
      disagreements: hostileMessages.slice(0, 20).map(({ message }, index) => ({
        ...{
          id: index + 1,
          community: 'forum',
          message_id: `${index}`,
          message,
          sender: null,
          models,
          at: 1,
        },
        active: { verdict: 'ham', probability: null, reasons: [] },
        shadow: { verdict: 'spam', probability: 0.912, reasons: [message] },
      })),
    };
    await page.reload();
    const guard = page.locator('.guard');
    await expect.poll(() => guard.textContent()).toContain('holds back all spam of this model');
    expect(await guard.textContent()).toContain('500 messages compared: spam +5%, review -1%.');
    await page.locator('#shadow-title').click();
    await expect
      .poll(() => page.locator('.nearest').textContent())
      .toContain('200 messages, the same verdict for 95%');
    expect(await page.locator('.nearest-list li').count()).toBe(20);
    expect(await page.locator('.nearest').locator('a, img, script, iframe').count()).toBe(0);
    const { violations } = await new AxeBuilder({ page }).include('main').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)).toEqual([]);
    await guard.getByRole('button', { name: 'Confirm…' }).press('Enter');
    await page.keyboard.type('it is better');
    await page.getByRole('button', { name: 'Confirm', exact: true }).press('Enter');
    await expect.poll(() => guard.count()).toBe(0);
    expect(server.models.changes).toEqual([{ version: active, reason: 'it is better' }]);
    expect(complaints).toEqual([]);
  });

  it('offers no change to those who may not, and where the settings name the model', async () => {
    const page = await open('/models', { role: 'viewer' });
    expect(await page.locator('.versions').textContent()).toContain(before);
    expect(await page.locator('main button').count()).toBe(0);
    expect(await page.locator('nav').textContent()).not.toContain('Dead letters');
    await server.close();
    const other = await open('/models');
    server.models.list = { ...server.models.list, pinned: active };
    await other.reload();
    await expect.poll(() => other.locator('.standing').textContent()).toContain(`model.version is ${active}`);
    expect(await other.locator('main button').count()).toBe(0);
  });
});

describe('the page of dead letters', () => {
  it('replays those that were selected once, also after a lost answer and a double click, and filters in the address', async () => {
    const page = await open('/dead-letters');
    expect(await page.locator('.letters').textContent()).toContain('e9 20 ff');
    expect(await page.locator('.letter-rest').textContent()).toContain('Erased');
    await page.getByRole('checkbox').first().press('Space');
    await page.route(
      '**/dead-letters/replay',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    const button = page.getByRole('button', { name: 'Replay 1 selected' });
    await button.dblclick();
    await expect.poll(() => page.locator('.replayed').textContent()).toContain('nothing is sent twice');
    await button.click();
    await expect.poll(() => page.locator('.replayed').textContent()).toContain('had been sent before');
    expect(server.models.sent).toEqual(['1-x']);
    expect(new Set(server.models.keys).size).toBe(1);
    const all = page.getByRole('button', { name: 'Replay all that match' });
    await all.press('Enter');
    // The focus is on the way out: pressing once more sends nothing.
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('dialog').count()).toBe(0);
    expect(server.models.keys).toHaveLength(2);
    await all.press('Enter');
    await page.getByRole('button', { name: 'Send them again' }).dblclick();
    await expect.poll(() => page.locator('.replayed').textContent()).toContain('1 sent again');
    expect(server.models.sent).toEqual(['1-x', '2-x']);
    await page.getByLabel('Reason').selectOption('too-large');
    await expect.poll(() => page.locator('.letter').count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?reason=too-large');
    await page.reload();
    await expect.poll(() => page.locator('.letter').textContent()).toContain('it contains a line break');
    await page.goBack();
    await expect.poll(() => page.locator('.letter').count()).toBe(5);
    expect(complaints).toEqual([]);
  });

  it('shows hostile bytes as text: nothing runs, nothing is loaded, nothing is wider than a phone', async () => {
    const page = await open('/dead-letters', { width: 360 });
    server.models.letters = hostileMessages
      .slice(0, 50)
      .map(({ message }, index) => letterOf(index + 1, message));
    await page.reload();
    await expect.poll(() => page.locator('.letter').count()).toBe(50);
    for (const summary of await page.locator('.letter summary').all()) await summary.click();
    const layout = await page.evaluate(`({
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      elements: document.querySelectorAll('main img, main script, main iframe, main a, main form').length,
      title: document.title,
    })`);
    expect(layout).toEqual({ wide: 0, elements: 0, title: 'Dead letters · Sluice' });
    expect([complaints, server.strays]).toEqual([[], []]);
  });
});
