import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../../src/ports/model-store.ts';
import { admitOnce } from '../../../src/scoring/admit-once.ts';

let checked: string[];
let refuse: boolean;
const admit = async ({ version }: LocalModel) => {
  checked.push(version);
  if (refuse) throw new Error('refused');
};

const model = (version: string, sha256: string): LocalModel => ({ version, path: `/${version}`, sha256 });

beforeEach(() => {
  checked = [];
  refuse = false;
});

describe('the admission check of a model', () => {
  it('the admission check is run once for a model that passes it, and for each other model', async () => {
    const once = admitOnce(admit);
    for (const version of ['a', 'b', 'a', 'b']) await once(model(version, `manifest of ${version}`));
    expect(checked).toEqual(['a', 'b']);
  });

  it('the admission check is run again if the same version has another manifest', async () => {
    const once = admitOnce(admit);
    await once(model('a', 'one'));
    await once(model('a', 'another'));
    expect(checked).toEqual(['a', 'a']);
  });

  it('the admission check is run again for a model that was refused', async () => {
    const once = admitOnce(admit);
    refuse = true;
    await expect(once(model('a', 'one'))).rejects.toThrow('refused');
    refuse = false;
    await once(model('a', 'one'));
    expect(checked).toEqual(['a', 'a']);
  });
});
