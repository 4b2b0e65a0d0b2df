import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const LINES_OF_FILE = 400;
const LINES_OF_FUNCTION = 80;

/** Files that may be longer, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {
  'src/console/texts/de.ts': 'all texts of the console in one language, in one file for translators',
  'src/console/texts/en.ts': 'all texts of the console in one language, in one file for translators',
  'test/unit/adapters-file/file-faults.test.ts': 'one fault of the disk after another, over the same fixture',
  'test/unit/adapters-kafka/fetch-answer.test.ts': 'answers of a broker, byte by byte',
  'test/unit/adapters-kafka/kafka-publisher.test.ts':
    'one fault of a broker after another, over the same fixture',
  'test/unit/http/attacks.test.ts': 'one hostile request after another, over the same fixture',
};

/** Functions that may be longer, as `file: name`, each with its reason. */
const longFunctions: Readonly<Record<string, string>> = {
  'src/app/live-settings/follow-settings.ts: followSettings':
    'functions that share the settings that are current',
  'src/app/local-cluster/start-cluster.ts: startAll':
    'services in the order in which each needs the ones before',
  'src/text/deobfuscate.ts: deobfuscate': 'passes in the order in which each needs the ones before',
  'src/text/scan-words.ts: scan':
    'runs for each character of each message; a call for each would cost more than the rest',
  'test/ledger/check-ledger.ts: checkLedger': 'checks that share the tables of one run',
  'test/ledger/run-ledger.ts: runLedger': 'a run from its first process to its last check',
  'test/ledger/soak.ts: runSoak': 'a run from its first process to its last check',
};

const sources = spawnSync('git', ['ls-files', 'src', 'workers', 'bench', 'test'], {
  cwd: root,
  encoding: 'utf8',
})
  .stdout.split('\n')
  .filter((file) => /\.(?:tsx?|mjs|cjs)$/.test(file) && !file.endsWith('.d.ts'));

/** Functions of a source with the lines that each takes, without those that only hold tests. */
function functions(source: ts.SourceFile): readonly { readonly name: string; readonly lines: number }[] {
  const found: { name: string; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined && !isGroup(node)) {
      const from = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const to = source.getLineAndCharacterOfPosition(node.getEnd()).line;
      found.push({ name: nameOf(node), lines: to - from + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isGroup(node: ts.Node & { readonly name?: ts.Node }): boolean {
  const { parent } = node;
  if (/^describe[A-Z]/.test(node.name?.getText() ?? '')) return true;
  return ts.isCallExpression(parent) && /^describe\b/.test(parent.expression.getText());
}

function nameOf(node: ts.Node & { readonly name?: ts.Node }): string {
  const { parent } = node;
  if (node.name !== undefined) return node.name.getText();
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  const [title] = ts.isCallExpression(parent) ? parent.arguments : [];
  return title !== undefined && ts.isStringLiteralLike(title) ? title.text : 'a function without a name';
}

const parsed = (file: string) =>
  ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);

describe('the sizes of files and functions', () => {
  it('long functions are found by their name, and groups of tests are not among them', () => {
    const body = '\n'.repeat(LINES_OF_FUNCTION);
    const planted = `function long() {${body}}\nconst also = () => {${body}};\ndescribe('a', () => {${body}});\nfunction describeStore() {${body}}\nfunction short() {}`;
    const source = ts.createSourceFile('planted.ts', planted, ts.ScriptTarget.Latest, true);
    expect(functions(source).filter(({ lines }) => lines > LINES_OF_FUNCTION)).toEqual([
      { name: 'long', lines: LINES_OF_FUNCTION + 1 },
      { name: 'also', lines: LINES_OF_FUNCTION + 1 },
    ]);
  });

  it(`no source file has more than ${LINES_OF_FILE} lines, except those that are listed with a reason`, () => {
    expect(sources.length).toBeGreaterThan(600);
    const long = sources.filter(
      (file) => readFileSync(join(root, file), 'utf8').split('\n').length - 1 > LINES_OF_FILE,
    );
    expect(long.sort()).toEqual(Object.keys(longFiles).sort());
  });

  it(`no function has more than ${LINES_OF_FUNCTION} lines, except those that are listed with a reason`, () => {
    const long = sources.flatMap((file) =>
      functions(parsed(file))
        .filter(({ lines }) => lines > LINES_OF_FUNCTION)
        .map(({ name }) => `${file}: ${name}`),
    );
    expect(long.sort()).toEqual(Object.keys(longFunctions).sort());
  });
});
