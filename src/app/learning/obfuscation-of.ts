import { type ObfuscationKind, type PaddingKind, paddingKinds } from '../../core/obfuscation-kinds.ts';
import type { Obfuscation } from '../../evaluation/evaluate-obfuscated.ts';
import { obfuscate } from '../../text/obfuscate.ts';
import { pad } from '../../text/padding.ts';
import { SeededRandom } from '../../training/seeded-random.ts';

const SEED = 1;

/** Always the same sequence of random numbers, so that the same messages are obfuscated in the same way. */
export function obfuscationOf(kind: ObfuscationKind | PaddingKind): Obfuscation {
  const random = new SeededRandom(SEED);
  return {
    name: kind,
    obfuscate: (text) => (isPadding(kind) ? pad(text, kind, random) : obfuscate(text, kind, random)),
  };
}

function isPadding(kind: ObfuscationKind | PaddingKind): kind is PaddingKind {
  return paddingKinds.some((padding) => padding === kind);
}
