import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { testingKey } from '../../../src/training/testing-part.ts';

const folder = join(import.meta.dirname, '../../../native-models/messages');

const messageSchema = z.strictObject({
  label: z.enum(['spam', 'ham']),
  text: z.string().min(1).max(2000),
  lang: z.string().regex(/^[a-z]{2}$/),
  group: z.string().regex(/^own:[a-z]{2}-((spam|ham)-[a-z]+(-[a-z]+)*|pair)-[1-9]\d*$/),
  kind: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
});

type OwnMessage = z.infer<typeof messageSchema> & { readonly where: string };

function read(): OwnMessage[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      expect(text.endsWith('\n'), `${name} ends with a line break`).toBe(true);
      return text
        .slice(0, -1)
        .split('\n')
        .map((line, at) => {
          const where = `${name}, row ${at + 1}`;
          const parsed = messageSchema.safeParse(JSON.parse(line));
          expect(parsed.error?.issues, where).toBeUndefined();
          return { ...parsed.data!, where };
        });
    });
}

/** The rows `| language | label | messages |` of the README: the third column by the first two. */
function countsOfReadme(): Map<string, number> {
  const rows = readFileSync(join(folder, 'README.md'), 'utf8').matchAll(
    /^\| ([a-z]{2}) \| (spam|ham) \| (\d+) \|$/gm,
  );
  return new Map([...rows].map(([, lang, label, count]) => [`${lang} ${label}`, Number(count)]));
}

describe('the messages written for this project', () => {
  const messages = read();

  test('the messages written for this project have no duplicates, by the key of training', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const { text, where } of messages) {
      const key = testingKey(text);
      const before = seen.get(key);
      if (before !== undefined) twice.push(`${where} says the same as ${before}`);
      seen.set(key, where);
    }
    expect(twice).toEqual([]);
  });

  test('the messages written for this project have the label, language and kind in the names of their group and file', () => {
    for (const { where, group, lang, label, kind } of messages) {
      const named = group.replace(/-\d+$/, '');
      expect([`own:${lang}-${label}-${kind}`, `own:${lang}-pair`], where).toContain(named);
      expect(where, where).toMatch(new RegExp(`^${lang}-${label}\\.jsonl, `));
    }
  });

  test('the messages written for this project are as many of each language and label as the README states', () => {
    const counts = new Map<string, number>();
    for (const { lang, label } of messages) {
      const key = `${lang} ${label}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const promised = countsOfReadme();
    expect([...promised.keys()].sort()).toEqual([...counts.keys()].sort());
    for (const [key, count] of promised) expect(counts.get(key), key).toBe(count);
  });

  test('the messages written for this project have both classes in each near pair, and share no other group between labels', () => {
    const labels = new Map<string, Set<string>>();
    for (const { group, label } of messages) labels.set(group, (labels.get(group) ?? new Set()).add(label));
    for (const [group, found] of labels) if (!group.includes('-pair-')) expect(found.size, group).toBe(1);
    const pairs = [...labels].filter(([group]) => group.includes('-pair-'));
    const whole = pairs.filter(([, found]) => found.size === 2).length;
    expect(whole / pairs.length).toBeGreaterThan(0.95);
  });

  test('the messages written for this project are balanced: in no language is a class a small minority', () => {
    for (const lang of ['de', 'en']) {
      const ofLanguage = messages.filter((message) => message.lang === lang);
      const spam = ofLanguage.filter(({ label }) => label === 'spam').length / ofLanguage.length;
      expect(spam, lang).toBeGreaterThan(0.35);
      expect(spam, lang).toBeLessThan(0.65);
    }
  });
});
