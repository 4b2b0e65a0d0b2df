import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SluiceError } from '../core/errors.ts';

/** `native-models/` of this installation, looked for from `from` (a folder) upwards. Throws `TRAINER_FAILED`. */
export function findTrainerHome(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const home = join(folder, 'native-models');
    if (existsSync(join(home, 'requirements.lock'))) return home;
    if (folder === dirname(folder))
      throw new SluiceError(
        'TRAINER_FAILED',
        'The Python trainer (native-models) is not part of this installation.',
      );
  }
}
