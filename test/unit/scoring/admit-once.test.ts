import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../../src/ports/model-store.ts';
import { admitOnce } from '../../../src/scoring/admit-once.ts';

let folder: string;
let trials: string[];
let refuse: boolean;
const admit = async ({ version }: LocalModel) => {
  trials.push(version);
  if (refuse) throw new Error('refused');
};

function model(version: string, manifest: string): LocalModel {
  const path = join(folder, version);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'manifest.json'), manifest);
  return { version, path };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-admit-'));
  trials = [];
  refuse = false;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the trial of a model', () => {
  it('is spared one that has stood it, and no other', async () => {
    const once = admitOnce(admit);
    for (const version of ['a', 'b', 'a', 'b']) await once(model(version, `manifest of ${version}`));
    expect(trials).toEqual(['a', 'b']);
  });

  it('is held again where the same version has another manifest', async () => {
    const once = admitOnce(admit);
    await once(model('a', 'one'));
    await once(model('a', 'another'));
    expect(trials).toEqual(['a', 'a']);
  });

  it('is held again for one that was refused', async () => {
    const once = admitOnce(admit);
    refuse = true;
    await expect(once(model('a', 'one'))).rejects.toThrow('refused');
    refuse = false;
    await once(model('a', 'one'));
    expect(trials).toEqual(['a', 'a']);
  });
});
