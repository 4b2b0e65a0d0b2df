import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { consolePages } from '../../src/core/console-pages.ts';
import { openChromium } from './chromium.ts';
import { hostileMessages } from './hostile-messages.ts';
import { sampleMessages } from './sample-messages.ts';
import type { StubMessage } from './stub-desk.ts';
import { type StubOptions, type StubServer, startStubServer } from './stub-server.ts';

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

async function start(options: Partial<StubOptions> = {}): Promise<StubServer> {
  const server = await startStubServer({ messages: numbered(60), ...options });
  servers.push(server);
  return server;
}

/** Messages that differ by their number. */
function numbered(count: number): StubMessage[] {
  return Array.from({ length: count }, (_, index) => ({ message: `This is message number ${index + 1}.` }));
}

interface Opened {
  readonly page: Page;
  /** What the page complained about: errors, refusals by its content security policy. */
  readonly complaints: string[];
  /** Requests to anywhere else. */
  readonly foreign: string[];
}

async function open(
  server: StubServer,
  path = '/review',
  context: Parameters<Browser['newContext']>[0] = {},
): Promise<Opened> {
  const opened = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...context });
  const page = await opened.newPage();
  const complaints: string[] = [];
  const foreign: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Chromium reports each answer of 400 and above, which tests provoke.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith('data:'))
      foreign.push(request.url());
  });
  await page.goto(server.url + path);
  return { page, complaints, foreign };
}

/** Run in the page; strings, since tests are compiled without the names of the browser. */
const tooWide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const layoutNow = `({
  wide: ${tooWide},
  elements: document.querySelectorAll('script, iframe, object, svg image, img, a[href^="j"]').length,
  nodes: document.querySelector('.msg')?.querySelectorAll('*').length ?? 0,
  title: document.title,
})`;
interface Layout {
  readonly wide: number;
  readonly elements: number;
  readonly nodes: number;
  readonly title: string;
}

const shown = (page: Page) => page.locator('.msg').textContent();
const numberShown = async (page: Page) => Number(/\d+/.exec((await shown(page)) ?? '')?.[0]);
const labels = (server: StubServer, label: 'spam' | 'ham') =>
  server.desk.rows.filter((row) => row.label === label).map(({ id }) => id);

describe('a session at the keyboard', () => {
  it('decides messages, takes five back, two of them after a reload, and makes no decision twice', async () => {
    const server = await start();
    const { page, complaints } = await open(server);
    await page.waitForSelector('.msg');
    const wanted = new Map<number, 'spam' | 'ham'>();
    const decide = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const number = await numberShown(page);
        const label = number % 2 === 0 ? 'ham' : 'spam';
        await page.keyboard.press(label === 'spam' ? 's' : 'h');
        wanted.set(number, label);
        // The next message is there at once, without an answer of the server.
        expect(wanted.has(await numberShown(page))).toBe(false);
      }
    };
    const takeBack = async () => {
      const [number] = [...wanted.keys()].slice(-1);
      await page.keyboard.press('z');
      await expect.poll(() => numberShown(page)).toBe(number);
      wanted.delete(number!);
    };
    await decide(9);
    for (let i = 0; i < 3; i++) await takeBack();
    await decide(6);
    await page.reload();
    await page.waitForSelector('.msg');
    await expect.poll(() => page.locator('.live').textContent()).toContain('today');
    for (let i = 0; i < 2; i++) await takeBack();
    await decide(10);
    await expect.poll(() => labels(server, 'spam').length + labels(server, 'ham').length).toBe(20);
    for (const [number, label] of wanted) expect(server.desk.row(number).label).toBe(label);
    // Twenty that hold and five that were taken back; those of the end were decided again.
    const made = server.desk.decisions.filter(({ label }) => label !== null);
    expect(made.filter(({ undone_by }) => undone_by === null)).toHaveLength(20);
    expect(complaints).toEqual([]);
  });

  it('says what unsure and skip did, moves without deciding, and gives its leases back when it is left', async () => {
    const server = await start();
    const { page } = await open(server);
    await page.waitForSelector('.msg');
    await page.keyboard.press('j');
    expect(await numberShown(page)).toBe(2);
    await page.keyboard.press('p');
    expect(await numberShown(page)).toBe(1);
    await page.keyboard.press('k');
    expect(await numberShown(page)).toBe(2);
    expect(await page.locator('p[role=status]').textContent()).toContain('Skipped');
    await page.keyboard.press('u');
    await expect.poll(() => server.desk.row(2).unsure).toBe(1);
    expect(server.desk.heldLeases).toBeGreaterThan(0);
    await page.goto('about:blank');
    await expect.poll(() => server.desk.heldLeases).toBe(0);
  });

  it('keeps single letters for fields, can switch them off, and takes other ones', async () => {
    const server = await start();
    const { page } = await open(server);
    await page.waitForSelector('.msg');
    await page.keyboard.press('/');
    await page.keyboard.type('shuz');
    expect(await page.inputValue('#search')).toBe('shuz');
    await page.fill('#search', '');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('button', { name: /^Spam: key s/ }).click();
    await page.keyboard.press('w');
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.locator('.b-spam').getAttribute('aria-keyshortcuts')).toBe('W');
    await page.keyboard.press('s');
    await page.keyboard.press('w');
    await expect.poll(() => server.desk.decisions.length).toBe(1);
    await page.keyboard.press('?');
    await page.getByLabel('Single-letter keys are on').uncheck();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('h');
    expect(await page.locator('.b-spam').getAttribute('aria-keyshortcuts')).toBe(null);
    expect(server.desk.decisions).toHaveLength(1);
  });

  it('decides selected rows of the table at once, and takes them back at once', async () => {
    const server = await start();
    const { page } = await open(server);
    await page.waitForSelector('.msg');
    await page.keyboard.press('b');
    await page.waitForSelector('tbody tr');
    expect(new URL(page.url()).search).toBe('?view=table');
    const boxes = page.locator('tbody input[type=checkbox]');
    await boxes.nth(1).check();
    await boxes.nth(4).click({ modifiers: ['Shift'] });
    await page.keyboard.press('s');
    await expect.poll(() => labels(server, 'spam').length).toBe(4);
    expect(server.desk.decisions).toHaveLength(1);
    await page.keyboard.press('z');
    await expect.poll(() => labels(server, 'spam').length).toBe(0);
  });
});

describe('when things go wrong', () => {
  it('keeps decisions in the browser while the server takes none, across a reload, and sends each once', async () => {
    const server = await start();
    const { page } = await open(server);
    await page.waitForSelector('.msg');
    server.unavailable = true;
    for (const key of ['s', 'h', 's']) await page.keyboard.press(key);
    await expect.poll(() => page.locator('.banner').textContent()).toContain('They wait in this browser');
    await page.reload();
    await page.waitForSelector('.msg');
    expect(await numberShown(page)).toBeGreaterThan(3);
    server.unavailable = false;
    await expect.poll(() => server.desk.decisions.length).toBe(3);
    expect(server.desk.decisions.map(({ label, items }) => [label, ...items])).toEqual([
      ['spam', 1],
      ['ham', 2],
      ['spam', 3],
    ]);
    expect(new Set(server.desk.keys).size).toBe(3);
  });

  it.each([
    [
      'decided by somebody else',
      { state: 'labelled', label: 'ham', decided_by: 'somebody' },
      'somebody had decided',
    ],
    ['edited', { message: 'another text' }, 'was edited after you had read it'],
    ['erased', { state: 'erased', message: '' }, 'was erased'],
  ] as const)('says what happened to a decision on a message that was %s', async (_, changes, text) => {
    const server = await start();
    const { page } = await open(server);
    await page.waitForSelector('.msg');
    server.desk.change(1, changes);
    await page.keyboard.press('s');
    await expect.poll(() => page.locator('.banner-problem').textContent()).toContain(text);
    expect(await page.locator('.banner-problem').textContent()).toContain(
      '“Spam” · “This is message number 1.”',
    );
    await page.reload();
    await page.waitForSelector('.banner-problem');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.locator('.banner-problem').count()).toBe(0);
    expect(server.desk.decisions).toHaveLength(0);
  });

  it('asks for the password again where the session has ended, and then sends what waits', async () => {
    const server = await start();
    const { page } = await open(server);
    await page.waitForSelector('.msg');
    server.loggedOut = true;
    await page.keyboard.press('s');
    await page.waitForSelector('input[name=password]');
    await page.fill('input[name=password]', 'a right password');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.msg');
    await expect.poll(() => server.desk.decisions.length).toBe(1);
  });

  it('says what an empty queue and a lost server mean', async () => {
    const empty = await start({ messages: [] });
    const first = await open(empty);
    await expect.poll(() => first.page.locator('main').textContent()).toContain('The queue is empty');
    const server = await start();
    const { page } = await open(server);
    await page.route('**/api/v1/review/leases', (route) => route.abort());
    await page.reload();
    await expect.poll(() => page.locator('main').textContent()).toContain('The queue could not be loaded');
  });
});

describe('logging in', () => {
  it('exchanges the token of the address, which is gone from it before the answer', async () => {
    const server = await start();
    server.loggedOut = true;
    const { page } = await open(server, '/?token=right');
    await page.waitForSelector('.msg');
    expect(page.url()).not.toContain('token');
    await page.goBack().catch(() => undefined);
    expect(page.url()).not.toContain('token');
  });

  it('reports a used token, and takes name and password', async () => {
    const server = await start();
    server.loggedOut = true;
    const { page } = await open(server, '/?token=used');
    await expect.poll(() => page.locator('[role=alert]').textContent()).toContain('was used already');
    await page.fill('input[name=name]', 'mo');
    await page.fill('input[name=password]', 'a right password');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.msg');
  });
});

describe('hostile messages', () => {
  it('are text: nothing runs, nothing is loaded, nothing is wider than the page or over the actions', async () => {
    const server = await start({ messages: hostileMessages });
    const { page, complaints, foreign } = await open(server, '/review', {
      viewport: { width: 360, height: 740 },
    });
    for (let i = 0; i < hostileMessages.length; i++) {
      await page.waitForSelector(`[data-row="${i + 1}"] .msg`);
      const layout = await page.evaluate<Layout>(layoutNow);
      expect({ ...layout, nodes: 0, message: i }).toEqual({
        wide: 0,
        elements: 1,
        nodes: 0,
        title: 'Review · Sluice',
        message: i,
      });
      expect(layout.nodes).toBeLessThan(4100);
      await page.keyboard.press('s');
    }
    await expect.poll(() => server.desk.decisions.length).toBe(hostileMessages.length);
    await page.goto(`${server.url}/review?view=table&state=labelled`);
    await page.waitForSelector('tbody tr');
    expect(await page.evaluate(tooWide)).toBe(0);
    expect(complaints).toEqual([]);
    expect(foreign).toEqual([]);
    expect(server.strays).toEqual([]);
  });
});

const otherPages = consolePages.filter(({ name }) => name !== 'review').map(({ name }) => `/${name}`);

describe('access for everybody', () => {
  it.each(['light', 'dark'] as const)('axe finds nothing on any page, %s', async (colorScheme) => {
    const server = await start({ messages: sampleMessages, role: 'admin' });
    const { page } = await open(server, '/review', { colorScheme });
    const check = async (name: string) => {
      const axe = new AxeBuilder({ page });
      // Nothing but colors depends on the theme, and the other rules take long.
      if (colorScheme === 'dark') axe.withRules(['color-contrast']);
      const { violations } = await axe.analyze();
      const found = violations.map(
        ({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
      );
      expect(found).toEqual([]);
    };
    await page.waitForSelector('.why');
    await check('review');
    await page.keyboard.press('s');
    await page.waitForSelector('.toast');
    await check('review with a toast');
    await page.keyboard.press('?');
    await check('settings');
    for (const path of ['/review?view=table&community=forum', ...otherPages]) {
      await page.goto(server.url + path);
      await page.waitForSelector('main .card');
      await page.waitForTimeout(200);
      await check(path);
    }
    server.loggedOut = true;
    await page.goto(server.url);
    await page.waitForSelector('form');
    await check('log in');
  });

  it('fits on 360 pixels and at 200 % zoom, in German too', async () => {
    const server = await start({ messages: sampleMessages, role: 'admin' });
    const { page } = await open(server, '/review', { locale: 'de-DE' });
    for (const path of ['/review', '/review?view=table', ...otherPages]) {
      await page.goto(server.url + path);
      await page.waitForSelector('main .card');
      for (const [width, height] of [
        [360, 740],
        [640, 360],
      ] as const) {
        await page.setViewportSize({ width, height });
        expect([path, width, await page.evaluate(tooWide)]).toEqual([path, width, 0]);
      }
    }
    expect(await page.getByRole('button', { name: 'Einstellungen und Tasten' }).count()).toBe(1);
  });

  it('the actions stay where they are from message to message', async () => {
    const server = await start({ messages: sampleMessages });
    const { page } = await open(server);
    await page.waitForSelector('.msg');
    const places = new Set<string>();
    for (let i = 0; i < 8; i++) {
      places.add(JSON.stringify(await page.locator('.b-spam').boundingBox()));
      await page.keyboard.press('j');
    }
    expect([...places]).toHaveLength(1);
  });
});
