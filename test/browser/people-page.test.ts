import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openChromium } from './chromium.ts';
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

async function open(path: string, isLoggedIn = true): Promise<Page> {
  server = await startStubServer({ messages: [], role: 'admin' });
  server.loggedOut = !isLoggedIn;
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(server.url + path);
  return page;
}

async function expectNoAxeFinding(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

const status = (page: Page) => page.locator('main > [role=status]').textContent();
const row = (page: Page, text: string) => page.locator('tr', { hasText: text });

describe('the people page', () => {
  it('changes a role, disables an account, and shows what the server refused with the state that is true', async () => {
    const page = await open('/people');
    await page.getByLabel('Role of ben@example.org').selectOption('lead');
    await expect.poll(() => status(page)).toBe('ben@example.org has another role.');
    expect(server.people.accounts[2]!.role).toBe('lead');
    await page.getByRole('button', { name: 'Disable: ben@example.org' }).click();
    await expect.poll(() => row(page, 'ben@example.org').textContent()).toContain('disabled');
    expect(await page.getByRole('button', { name: 'Disable: mo' }).isDisabled()).toBe(true);
    await page.getByLabel('Role of mo').selectOption('viewer');
    await expect
      .poll(() => page.locator('main > [role=alert]').textContent())
      .toContain('Nothing was changed');
    await expect.poll(() => page.getByLabel('Role of mo').inputValue()).toBe('admin');
    // A name with a character that turns the direction shows it.
    expect(await row(page, 'otto').textContent()).toContain('[U+202E]');
  });

  it('shows a link and a token once, and revokes them', async () => {
    const page = await open('/people');
    await page.getByLabel('Role of the invited person').selectOption('viewer');
    await page.getByRole('button', { name: 'Create a link' }).click();
    const link = page.getByLabel('Link', { exact: true });
    await expect.poll(() => link.inputValue()).toBe(`${server.url}/?invitation=a-secret-of-the-stub`);
    expect(server.people.invitations.at(-1)!.role).toBe('viewer');
    await expectNoAxeFinding(page);
    await page.getByLabel('What it is for').fill('mobile app');
    await page.getByLabel('report: report messages of users').check();
    await page.getByRole('button', { name: 'Create a token' }).click();
    await expect
      .poll(() => page.getByLabel('Token', { exact: true }).inputValue())
      .toBe('sluice_a-token-of-the-stub');
    // The link stays until it is done with.
    expect(await link.inputValue()).toBe(`${server.url}/?invitation=a-secret-of-the-stub`);
    await page.locator('.secret').first().getByRole('button', { name: 'Done' }).click();
    expect(await page.content()).not.toContain('a-secret-of-the-stub');
    expect(await page.getByLabel('Token', { exact: true }).inputValue()).toBe('sluice_a-token-of-the-stub');
    expect(server.people.tokens.at(-1)).toMatchObject({ name: 'mobile app', scopes: ['score', 'report'] });
    await page.getByRole('button', { name: 'Revoke: mobile app' }).click();
    await expect.poll(() => row(page, 'mobile app').count()).toBe(0);
    await page.reload();
    await page.waitForSelector('table');
    expect(await page.locator('.secret').count()).toBe(0);
  });
});

describe('the erasure page', () => {
  it('counts, asks to write whose text it is, erases, and shows the proof, also after a reload', async () => {
    const page = await open('/erasure');
    await page.getByLabel('One message').check();
    await page.getByLabel('Id of the message').fill('18/ä');
    await page.getByLabel('Community').fill('forum');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.outcome').textContent()).toBe('21 records would be erased');
    await expectNoAxeFinding(page);
    const erase = page.getByRole('button', { name: 'Erase for good' });
    await page.getByLabel('To confirm, write').fill('forum/18');
    expect(await erase.isDisabled()).toBe(true);
    await page.getByLabel('To confirm, write').fill('forum/18/ä');
    server.people.remains = true;
    await erase.click();
    await expect.poll(() => page.locator('.outcome').textContent()).toContain('Not complete');
    expect(await row(page, 'review spool').textContent()).toContain('stop it and run this again');
    expect(server.people.erased).toEqual([
      '/api/v1/subjects/message/18%2F%C3%A4?community=forum&dry_run=true',
      '/api/v1/subjects/message/18%2F%C3%A4?community=forum',
    ]);
    expect(page.url()).toBe(`${server.url}/erasure?job=job-2`);
    await page.reload();
    await expect.poll(() => page.locator('.outcome').textContent()).toContain('Not complete');
    // On a phone, each number is below its own head.
    await page.setViewportSize({ width: 360, height: 740 });
    const found = page.locator('.stores tr', { hasText: 'review spool' }).locator('td:visible');
    expect(await page.locator('.stores th:visible').allTextContents()).toEqual([
      ...['Store', 'Records', 'Found again'],
    ]);
    expect((await found.allTextContents()).slice(1)).toEqual(['0', '1']);
  });

  it('shows the one that runs to everybody who opens the page, and begins no other meanwhile', async () => {
    const page = await open('/erasure');
    server.people.questions = 1000;
    await page.getByLabel('Sender', { exact: true }).fill('4711');
    await page.getByRole('button', { name: 'Count first' }).click();
    await page.waitForSelector('progress');
    await page.goto(`${server.url}/erasure`);
    await expect.poll(() => page.locator('.notice').textContent()).toContain('Started by mo');
    expect(await page.getByRole('button', { name: 'Count first' }).isDisabled()).toBe(true);
  });
});

describe('the log-in page', () => {
  it('has the button of the identity provider, which comes back to this page, and says why a log-in failed', async () => {
    const page = await open('/activity', false);
    await page.waitForSelector('form');
    expect(await page.getByRole('button').count()).toBe(1);
    server.people.openid = 'Staff log-in';
    await page.reload();
    const asked = page.waitForRequest((request) => request.url().includes('/session/openid'));
    await page.getByRole('button', { name: 'Staff log-in' }).click();
    expect((await asked).url()).toBe(`${server.url}/api/v1/session/openid?to=%2Factivity`);
    await expect
      .poll(() => page.locator('[role=alert]').textContent())
      .toContain('The identity provider does not answer');
    expect(page.url()).toBe(`${server.url}/`);
    // A word that is not one of ours is not shown.
    await page.goto(`${server.url}/?login=toString`);
    await page.waitForSelector('form');
    expect(await page.locator('[role=alert]').count()).toBe(0);
  });
});
