import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_DEOBFUSCATION, MOST_MILLISECONDS, MOST_PER_BYTE } from '../../bench/suites/text-cost.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const entry = `
import { newestModel } from './bench/harness/bench-options.ts';
import { measureTextCost, textCostGoals, textCostTable } from './bench/suites/text-cost.ts';
import { loadModel } from './workers/loaded-model.ts';
const model = await loadModel(await newestModel('native-models/default'));
const costs = measureTextCost(model, { rounds: 11, tries: 3_000, seed: Number(process.argv[2]) });
const found = costs.filter(({ isFound }) => isFound).length;
console.log(JSON.stringify({ found, goals: textCostGoals(costs), rows: textCostTable(costs).rows }));
process.exit(0);
`;

let folder = '';
// Built as it is for a scoring thread: the test runner's own form of modules makes each call of another module slower.
beforeAll(async () => {
  folder = mkdtempSync(join(root, 'node_modules', '.text-cost-'));
  await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    outfile: join(folder, 'text-cost.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// CPU time, of which others on the machine take nothing, as ratios to plain English measured in between; of many rounds the lowest, since
// others still disturb the caches.
describe('CPU time of the features of a text, of any kind known and of any that a search finds', () => {
  it.each([1, 2, 3])(
    `any text, of known kinds and found by search, takes at most ${MOST_DEOBFUSCATION} times the CPU time of plain English per byte to deobfuscate, ${MOST_PER_BYTE} times with its features, and ${MOST_MILLISECONDS} ms (search %i)`,
    (seed) => {
      const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'text-cost.mjs'), String(seed)], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      const { found, goals, rows } = JSON.parse(stdout) as {
        readonly found: number;
        readonly goals: readonly { readonly met: boolean }[];
        readonly rows: readonly (readonly string[])[];
      };
      // Otherwise nothing was measured.
      expect(found).toBeGreaterThan(4);
      expect(goals.length).toBe(3);
      const table = rows.map((row) => row.join(' | ')).join('\n');
      expect(
        goals.filter(({ met }) => !met),
        table,
      ).toEqual([]);
    },
  );
});
