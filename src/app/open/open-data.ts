import { join } from 'node:path';
import { openCorpus } from '../../adapters/corpora/open-corpus.ts';
import type { LabelledMessages } from '../../ports/labelled-messages.ts';
import { preparePython } from '../../training/python-environment.ts';
import { findTrainerHome } from '../../training/trainer-home.ts';
import { packageRoot } from '../package-root.ts';

/** Opens what each `--data` names: a file, or a corpus as {@link openCorpus} knows them. Throws `USAGE` for another one. */
export function openData(
  specs: readonly string[],
  signal?: AbortSignal,
): Promise<readonly LabelledMessages[]> {
  const npmRoot = packageRoot();
  const chitchatPath = async () => {
    const trainerHome = findTrainerHome(npmRoot);
    return (await preparePython({ trainerHome, ...(signal === undefined ? {} : { signal }) })).chitchatPath;
  };
  const ownMessages = () => join(findTrainerHome(npmRoot), 'messages');
  return Promise.all(specs.map((spec) => openCorpus(spec, { npmRoot, chitchatPath, ownMessages })));
}
