import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const glossary = readFileSync(join(root, 'docs', 'glossary.md'), 'utf8');
const replaced = [
  ...glossary.slice(glossary.indexOf('## Words that are not used')).matchAll(/^\| (.+?) \| .+ \|$/gm),
]
  .flatMap(([, words]) => words!.split(', '))
  .filter((word) => word !== 'not' && !word.startsWith('-'));
const pattern = new RegExp(`(?<![\\w-])(?:${replaced.join('|')})(?![\\w-])`, 'gi');

/** Texts in the language of users, which are scored and not read as documentation. */
const messages =
  /^src\/(?:training\/(?:sample-templates-\w+|golden-messages)|core\/known-messages|text\/(?:known|more-known|spam|confusable)-words(?:-\w+)?)\.ts$/;

const tracked = (...patterns: readonly string[]) =>
  spawnSync('git', ['ls-files', ...patterns], { cwd: root, encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean);

/** The words of `text` that are not to be used, with the lines that they are in. */
function found(text: string): string[] {
  return text
    .replaceAll('OOM killer', '')
    .split('\n')
    .flatMap((line, index) => [...line.matchAll(pattern)].map(([word]) => `${index + 1}: ${word}`));
}

/** Markdown without code, whose identifiers are checked where they are declared, and without what a bench generated. */
function prose(markdown: string): string {
  const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ');
  return markdown
    .replaceAll(/^<!-- [\w-]+: begin -->$.*?^<!-- [\w-]+: end -->$/gms, blank)
    .replaceAll(/^```.*?^```$/gms, blank)
    .replaceAll(/`[^`\n]*`/g, blank);
}

/** String literals with a space in them, which people may read; their other lines are blank. */
function printed(path: string): string {
  const source = ts.createSourceFile(
    path,
    readFileSync(join(root, path), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const lines: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || isPartOfTemplate(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      if (node.text.includes(' ')) lines[line] = `${lines[line] ?? ''} ${node.text.replaceAll('\n', ' ')}`;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return Array.from(lines, (line) => line ?? '').join('\n');
}

function isPartOfTemplate(node: ts.Node): node is ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail {
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
}

describe('words that the glossary replaces', () => {
  it('are found in a text, and not as parts of other words or in code', () => {
    expect(replaced).toContain('anew');
    expect(found('Models are judged anew.\nA planet, a judge-batch')).toEqual(['1: judged', '1: anew']);
    expect(found(prose('The `judge` of\n```sh\ntold\n```\nis told'))).toEqual(['5: told']);
  });

  it('are not in documents', () => {
    const files = tracked('*.md').filter((file) => file !== 'docs/glossary.md');
    expect(files.length).toBeGreaterThan(10);
    const all = files.flatMap((file) =>
      found(prose(readFileSync(join(root, file), 'utf8'))).map((hit) => `${file}:${hit}`),
    );
    expect(all).toEqual([]);
  });

  it('are not in texts that the program prints', () => {
    const files = tracked('src/*.ts', 'workers/*.ts').filter((file) => !messages.test(file));
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((file) => found(printed(file)).map((hit) => `${file}:${hit}`))).toEqual([]);
  });
});
