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
  /^src\/(?:training\/(?:golden-messages|harmless-additions)|core\/known-messages|text\/(?:languages\/.*|(?:spam|confusable)-words|known-site-list))\.ts$/;

const tracked = (...patterns: readonly string[]) =>
  spawnSync('git', ['ls-files', ...patterns], { cwd: root, encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean);

/** Folders whose comments and identifiers are checked too. */
const checkedCode = ['src', 'workers', 'bench'];
/** Names of a stored or printed format, of a database column. */
const allowedNames = new Set([
  ...['LabelledMessage', 'LabelledMessages', 'labelled_by', 'labelled_at', 'labelled'],
  // Keys of the JSON of `sluice evaluate`, of the trainer's and the bench's files, and of a model store.
  ...['disguise', 'disguises', 'disguised', 'judged', 'anew'],
]);
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
  const source = parsed(path);
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

function parsed(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true);
}

/** Comments of a source, each at its line, and with `names` its identifiers too, as words: `toldOnce` is `told Once`. */
function commentsAndNames(source: ts.SourceFile, names = true): string {
  const lines: string[] = [];
  const add = (position: number, text: string) => {
    const { line } = source.getLineAndCharacterOfPosition(position);
    lines[line] = `${lines[line] ?? ''} ${text}`;
  };
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    const { text } = source;
    for (const { pos, end } of [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ]) {
      if (!seen.has(pos))
        add(
          pos,
          text
            .slice(pos, end)
            .replaceAll(/`[^`\n]*`/g, '')
            .replaceAll(/\s*\n[ *]*/g, ' '),
        );
      seen.add(pos);
    }
    if (names && (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && !allowedNames.has(node.text))
      add(node.getStart(), wordsOf(node.text));
    ts.forEachChild(node, visit);
    if (ts.isSourceFile(node)) visit(node.endOfFileToken);
  };
  visit(source);
  return Array.from(lines, (line) => line ?? '').join('\n');
}

function wordsOf(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/[_#]/g, ' ');
}

/** Titles of tests and of their groups, each at its line. */
function titles(source: ts.SourceFile): string {
  const lines: string[] = [];
  const visit = (node: ts.Node): void => {
    const [title] = ts.isCallExpression(node) ? node.arguments : [];
    const isTitle = title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title));
    if (isTitle && /^(?:describe|it|test)\b/.test((node as ts.CallExpression).expression.getText()))
      lines[source.getLineAndCharacterOfPosition(title.getStart()).line] = title.getText();
    ts.forEachChild(node, visit);
  };
  visit(source);
  return Array.from(lines, (line) => line ?? '').join('\n');
}

function isPartOfTemplate(node: ts.Node): node is ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail {
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
}

describe('words that the glossary replaces', () => {
  it('words that the glossary replaces are found in a text, and not as parts of other words or in code', () => {
    expect(replaced).toContain('anew');
    expect(found('Models are judged anew.\nA planet, a judge-batch')).toEqual(['1: judged', '1: anew']);
    expect(found(prose('The `judge` of\n```sh\ntold\n```\nis told'))).toEqual(['5: told']);
  });

  it('words that the glossary replaces are not in documents', () => {
    const files = tracked('*.md').filter((file) => file !== 'docs/glossary.md');
    expect(files.length).toBeGreaterThan(10);
    const all = files.flatMap((file) =>
      found(prose(readFileSync(join(root, file), 'utf8'))).map((hit) => `${file}:${hit}`),
    );
    expect(all).toEqual([]);
  });

  it('words that the glossary replaces are not in texts that the program prints', () => {
    const files = tracked('src/*.ts', 'workers/*.ts', 'bench/*.ts').filter((file) => !messages.test(file));
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((file) => found(printed(file)).map((hit) => `${file}:${hit}`))).toEqual([]);
  });

  it('words that the glossary replaces are found in comments, in parts of identifiers, and in test titles', () => {
    const source = ts.createSourceFile(
      'planted.ts',
      '/** It is\n * told. */\nconst toldOnce = judged; // `judge` an ailment\nclass A { #lanes = 1 }\n' +
        "it('judges all', () => {});\ndescribe.each([1])(`tenure`, () => {});",
      ts.ScriptTarget.Latest,
      true,
    );
    expect(found(commentsAndNames(source))).toEqual(['1: told', '3: told', '4: lanes']);
    expect(found(titles(source))).toEqual(['5: judges', '6: tenure']);
  });

  it('words that the glossary replaces are not in comments and identifiers', () => {
    const files = tracked(...checkedCode.map((folder) => `${folder}/*.ts`)).filter(
      (file) => !messages.test(file),
    );
    for (const folder of checkedCode)
      expect(files.filter((file) => file.startsWith(`${folder}/`))).not.toEqual([]);
    expect(
      files.flatMap((file) => found(commentsAndNames(parsed(file))).map((hit) => `${file}:${hit}`)),
    ).toEqual([]);
  });

  it('words that the glossary replaces are not in comments of tests', () => {
    const files = tracked('test/*.ts').filter((file) => !file.endsWith('/words.test.ts'));
    expect(files.length).toBeGreaterThan(200);
    expect(
      files.flatMap((file) => found(commentsAndNames(parsed(file), false)).map((hit) => `${file}:${hit}`)),
    ).toEqual([]);
  });

  it('words that the glossary replaces are not in names of files and folders', () => {
    const files = tracked(...checkedCode).map((file) => file.replaceAll(/[-_./]/g, ' '));
    expect(files.flatMap((file) => found(file).map((hit) => `${file}: ${hit}`))).toEqual([
      'src ports labelled messages ts: 1: labelled',
    ]);
  });

  it('words that the glossary replaces are not in test titles', () => {
    const files = tracked('test/*.test.ts', 'test/contract/*.ts');
    expect(files.length).toBeGreaterThan(150);
    expect(files.flatMap((file) => found(titles(parsed(file))).map((hit) => `${file}:${hit}`))).toEqual([]);
  });
});
