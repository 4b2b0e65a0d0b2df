import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const decisionsFolder = join(root, 'docs', 'decisions');

/** Folders whose Markdown files belong to others, or are built. */
const foreign: ReadonlySet<string> = new Set(['node_modules', 'dist', '.git']);

function markdownFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return foreign.has(entry.name) ? [] : markdownFiles(path);
    return entry.isFile() && entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Without what is shown as code, where brackets are no links. */
function proseOf(markdown: string): string {
  return markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

/** What a link to a heading has behind its `#`, as GitHub makes it. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6} +(.+?) *$/gm);
  return new Set(
    Array.from(headings, ([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );
}

/** Relative links, as `](target)` or `[name]: target`. */
function relativeLinksOf(markdown: string): readonly string[] {
  const links = proseOf(markdown).matchAll(/\]\(<?([^()\s<>]+)>?(?: "[^"]*")?\)|^\[[^\]]+\]: *(\S+)/gm);
  return Array.from(links, ([, inline, reference]) => (inline ?? reference)!).filter(
    (target) => !/^[a-z][a-z0-9+.-]*:/i.test(target),
  );
}

/** Links of all Markdown files below the folder that lead to no file, or to no heading of one. */
function brokenLinks(folder: string): { readonly checked: number; readonly broken: readonly string[] } {
  const broken: string[] = [];
  let checked = 0;
  for (const file of markdownFiles(folder))
    for (const link of relativeLinksOf(readFileSync(file, 'utf8'))) {
      checked++;
      const [path = '', anchor] = decodeURIComponent(link).split('#');
      const target = path === '' ? file : resolve(dirname(file), path);
      const isFound =
        existsSync(target) && (anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).has(anchor));
      if (!isFound) broken.push(`${relative(folder, file)}: ${link}`);
    }
  return { checked, broken };
}

describe('relative links in Markdown files', () => {
  it('relative links in Markdown files lead to a file that exists, and to a heading of it where they name one', () => {
    const { checked, broken } = brokenLinks(root);
    expect(broken).toEqual([]);
    // A pattern that finds no links finds none broken.
    expect(checked).toBeGreaterThan(100);
  });

  it('relative links in Markdown files are reported where the file or the heading is missing, but not where they are code', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-links-'));
    try {
      mkdirSync(join(folder, 'docs'));
      writeFileSync(join(folder, 'docs', 'there.md'), '# A heading, with `code`\n');
      writeFileSync(
        join(folder, 'README.md'),
        [
          '# Top',
          '[file](docs/there.md), [heading](docs/there.md#a-heading-with-code), [own](#top), [web](https://example.org/x)',
          '[`no file`](docs/missing.md), [no heading](docs/there.md#missing), [own missing](#missing)',
          '`[code](in-code.md)`',
          '```',
          '[code](in-a-block.md)',
          '```',
          '[name]: reference-missing.md',
        ].join('\n'),
      );
      expect(brokenLinks(folder)).toEqual({
        checked: 7,
        broken: [
          'README.md: docs/missing.md',
          'README.md: docs/there.md#missing',
          'README.md: #missing',
          'README.md: reference-missing.md',
        ],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the decisions in docs/decisions', () => {
  const names = readdirSync(decisionsFolder)
    .filter((name) => name !== 'README.md')
    .sort();
  const read = (name: string) => readFileSync(join(decisionsFolder, name), 'utf8');
  const titleOf = (name: string) => /^# \d{4}\. (.+)$/m.exec(read(name))?.[1];

  it('the decisions in docs/decisions are numbered from 0001, without a gap and each number once', () => {
    const numbers = names.map((name) => /^(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1] ?? name);
    expect(numbers).toEqual(names.map((_, index) => String(index + 1).padStart(4, '0')));
  });

  it('the decisions in docs/decisions are in the index, each once and by its title, and the index lists no others', () => {
    const lines = [...read('README.md').matchAll(/^- \[(\d{4})\]\(([^)]+)\) (.+)$/gm)].map(
      ([, number, name, title]) => ({ number, name, title }),
    );
    expect(lines.sort((one, other) => (one.name! < other.name! ? -1 : 1))).toEqual(
      names.map((name) => ({ number: name.slice(0, 4), name, title: titleOf(name) })),
    );
  });

  it.each(names)(
    'the decisions in docs/decisions: %s has a title with its number, date, status and three sections, in 25 lines at most',
    (name) => {
      const text = read(name);
      expect(text).toMatch(
        /^# \d{4}\. .+\n\nDate: \d{4}-\d\d-\d\d\n\nStatus: (?:accepted|superseded by \d{4})\n\n##/,
      );
      const sections = text.split(/^## /m).slice(1);
      const filled = sections.filter((section) => /^[^\n]+\n\n\S/.test(section));
      expect(filled.map((section) => section.split('\n')[0])).toEqual([
        'Context',
        'Decision',
        'Consequences',
      ]);
      expect(sections).toHaveLength(3);
      expect(text.slice(2, 6)).toBe(name.slice(0, 4));
      expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
      const successor = /^Status: superseded by (\d{4})$/m.exec(text)?.[1];
      if (successor !== undefined) expect(names.some((other) => other.startsWith(successor))).toBe(true);
    },
  );

  it('the decisions in docs/decisions name only files and folders that exist', () => {
    const named = names.flatMap((name) =>
      Array.from(
        read(name).matchAll(/`((?:src|workers|test|native-models|config|bench)\/[\w./-]+)`/g),
        ([, path]) => `${name}: ${path}`,
      ),
    );
    expect(named.length).toBeGreaterThan(names.length / 2);
    expect(named.filter((each) => !existsSync(join(root, each.split(': ')[1]!)))).toEqual([]);
  });
});
