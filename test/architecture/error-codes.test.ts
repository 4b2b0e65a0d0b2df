import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { errorCodes } from '../../src/core/errors.ts';

describe('the table of error codes in docs/errors.md', () => {
  it('the table of error codes in docs/errors.md lists each code once, in the order of the code, with its exit code', () => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'errors.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)].map(
      ([, code, exit]) => `${code} ${exit}`,
    );
    expect(rows).toEqual(errorCodes.map((code) => `${code} ${exitCodeOf(code)}`));
  });
});
