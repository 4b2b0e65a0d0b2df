import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const rules = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  forbidden: ICruiseOptions['ruleSet'] extends infer R
    ? R extends { forbidden?: infer F }
      ? F
      : never
    : never;
  options: ICruiseOptions & { enhancedResolveOptions: object };
};

/** The folders whose imports have rules. */
const cruised = ['src', 'workers', 'bench'];

async function violations(
  baseDir: string,
): Promise<{ readonly modules: readonly string[]; readonly found: readonly string[] }> {
  const {
    enhancedResolveOptions,
    tsConfig: _,
    ...options
  } = rules.options as Record<string, unknown> & {
    enhancedResolveOptions: object;
  };
  const result = await cruise(
    cruised,
    { ...options, baseDir, validate: true, ruleSet: { forbidden: rules.forbidden } } as ICruiseOptions,
    enhancedResolveOptions,
    { tsConfig: extractTSConfig(join(root, 'tsconfig.json')) },
  );
  const { summary, modules } = result.output as ICruiseResult;
  return {
    modules: modules.map(({ source }) => source),
    found: summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`),
  };
}

/** A copy of the house in which things can be planted. */
let copy = '';

function plant(file: string, content: string): void {
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  writeFileSync(join(copy, file), content);
}

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'sluice-rooms-'));
  for (const part of [...cruised, 'package.json', 'tsconfig.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterEach(() => rmSync(copy, { recursive: true, force: true }));

describe('the rooms', () => {
  it('the rooms import only what the folder rules allow', async () => {
    const { modules: ours, found } = await violations(root);
    expect(found).toEqual([]);
    // A cruiser that does not see the files finds nothing wrong with them.
    const sources = cruised.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((file) => `${folder}/${String(file)}`),
    );
    const seen = new Set(ours.filter((file) => cruised.some((folder) => file.startsWith(`${folder}/`))));
    expect([...seen].sort()).toEqual(sources.filter((file) => /\.tsx?$/.test(file)).sort());
  });

  it('the rooms are watched: an import up the house, an adapter that sees another, and a stray client library are all found', async () => {
    plant('src/core/planted-violation.ts', "import '../decide/blend.ts';\nexport const planted = 1;\n");
    plant(
      'src/pipeline/planted-violation.ts',
      "import { readFile } from 'node:fs';\nexport const planted = readFile;\n",
    );
    plant(
      'src/http/planted-violation.ts',
      "import { Tensor } from 'onnxruntime-node';\nexport const planted = Tensor;\n",
    );
    plant(
      'src/adapters/yaml/planted-violation.ts',
      "import '../folder/folder-model-store.ts';\nexport const planted = 1;\n",
    );
    plant(
      'src/app/planted-violation.ts',
      "import { parseDocument } from 'htmlparser2';\nexport const planted = parseDocument;\n",
    );
    plant(
      'src/console/logic/planted-violation.ts',
      "import { roles } from '../../core/decision.ts';\nexport const planted = roles;\n",
    );
    plant(
      'src/console/views/planted-violation.ts',
      "import type { ApiApp } from '../../http/api-app.ts';\nexport type Planted = ApiApp;\n",
    );
    plant(
      'bench/report/planted-violation.ts',
      "import { startBench } from '../suites/start.ts';\nexport const planted = startBench;\n",
    );
    const { found } = await violations(copy);
    const hit = (text: string) => found.filter((line) => line.includes(text));
    expect(hit('room-core: src/core/planted-violation.ts')).toHaveLength(1);
    expect(hit('pure-rooms-have-no-built-ins: src/pipeline/planted-violation.ts')).toHaveLength(1);
    expect(hit('only-its-keeper-knows-onnxruntime-node: src/http/planted-violation.ts')).toHaveLength(1);
    expect(hit('client-libraries-in-adapters-only: src/app/planted-violation.ts')).toHaveLength(1);
    expect(hit('console-shares-types-only: src/console/logic/planted-violation.ts')).toHaveLength(1);
    expect(hit('room-console: src/console/views/planted-violation.ts')).toHaveLength(1);
    expect(hit('bench-report: bench/report/planted-violation.ts')).toHaveLength(1);
    expect(hit('adapter-sees-itself-only: src/adapters/yaml/planted-violation.ts')).toHaveLength(1);
  });
});

describe('the import rules', () => {
  it('the import rules name folders that exist and packages that the project depends on', () => {
    const names = (rules.forbidden as readonly { name: string }[]).map(({ name }) => name);
    const namesAfter = (prefix: string) =>
      names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    expect(
      namesAfter('room-').filter(
        (folder) => ![join('src', folder), folder].some((one) => existsSync(join(root, one))),
      ),
    ).toEqual([]);
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    // What the build bundles is needed for development alone.
    const known = Object.keys({ ...dependencies, ...devDependencies });
    const unknown = namesAfter('only-its-keeper-knows-').filter(
      (name) => !known.some((one) => one === name || one.startsWith(`${name}/`)),
    );
    expect(unknown).toEqual([]);
    expect(namesAfter('only-its-keeper-knows-').length).toBeGreaterThan(10);
  });
});

describe('the table of folders in src/README.md', () => {
  it('the table of folders in src/README.md lists each folder of src that has a rule, with the folders that the rule allows', () => {
    const folderOf = (path: string) => /^\^src\/([a-z]+)\/$/.exec(path)?.[1];
    const allowed = new Map<string, readonly string[]>();
    for (const { name, to } of rules.forbidden as readonly { name: string; to: { pathNot?: unknown } }[]) {
      const folder = /^room-([a-z]+)$/.exec(name)?.[1];
      if (folder === undefined || !existsSync(join(root, 'src', folder))) continue;
      const others = (to.pathNot as readonly string[])
        .map(folderOf)
        .filter((other) => other !== undefined && other !== folder);
      allowed.set(folder, others.filter((other) => existsSync(join(root, 'src', other!))) as string[]);
    }
    const all = [...allowed.keys()];
    const stated = new Map<string, readonly string[]>();
    const text = readFileSync(join(root, 'src', 'README.md'), 'utf8');
    for (const [, folder, cell] of text.matchAll(/^\| `src\/([a-z]+)\/` \| .+ \| (.+) \|$/gm)) {
      const named = [...cell!.split(';')[0]!.matchAll(/`([a-z]+)`/g)].map(([, other]) => other!);
      stated.set(
        folder!,
        cell!.startsWith('all folders of `src` but')
          ? all.filter((other) => other !== folder && !named.includes(other))
          : named,
      );
    }
    const sorted = (table: ReadonlyMap<string, readonly string[]>) =>
      [...table].map(([folder, others]) => [folder, [...others].sort()]).sort();
    expect(sorted(stated)).toEqual(sorted(allowed));
  });
});
