import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

async function violations(
  baseDir: string,
): Promise<{ readonly modules: number; readonly found: readonly string[] }> {
  const {
    enhancedResolveOptions,
    tsConfig: _,
    ...options
  } = rules.options as Record<string, unknown> & {
    enhancedResolveOptions: object;
  };
  const result = await cruise(
    ['src', 'workers'],
    { ...options, baseDir, validate: true, ruleSet: { forbidden: rules.forbidden } } as ICruiseOptions,
    enhancedResolveOptions,
    { tsConfig: extractTSConfig(join(root, 'tsconfig.json')) },
  );
  const { summary } = result.output as ICruiseResult;
  return {
    modules: summary.totalCruised,
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
  for (const part of ['src', 'workers', 'package.json', 'tsconfig.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterEach(() => rmSync(copy, { recursive: true, force: true }));

describe('the rooms', () => {
  it('import only what the plan of the house allows', async () => {
    const { modules, found } = await violations(root);
    expect(found).toEqual([]);
    // A cruiser that cannot parse the files finds nothing wrong in nothing.
    expect(modules).toBeGreaterThan(80);
  });

  it('are watched: an import up the house, an adapter that sees another, and a stray client library are all found', async () => {
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
    const { found } = await violations(copy);
    const hit = (text: string) => found.filter((line) => line.includes(text));
    expect(hit('room-core: src/core/planted-violation.ts')).toHaveLength(1);
    expect(hit('pure-rooms-have-no-built-ins: src/pipeline/planted-violation.ts')).toHaveLength(1);
    expect(hit('only-its-keeper-knows-onnxruntime-node: src/http/planted-violation.ts')).toHaveLength(1);
    expect(hit('adapter-sees-itself-only: src/adapters/yaml/planted-violation.ts')).toHaveLength(1);
  });
});
