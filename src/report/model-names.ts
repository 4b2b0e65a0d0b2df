import { isMissing, type Known, type ModelReport } from '../core/report-facts.ts';
import { visibleLine } from '../display/characters.ts';

/** Something of one model, with the name that it has in plots and tables. */
export interface Named<T> {
  readonly name: string;
  readonly value: T;
}

const letters = 'ABCDEFGH';
const MOST_CHARACTERS = 32;

/** By version; where several are compared, each has a letter too, which stands for it in narrow columns. */
export function namedModels(models: readonly ModelReport[]): Named<ModelReport>[] {
  return models.map((value, index) => {
    const version = visibleLine(value.version, MOST_CHARACTERS);
    return { name: models.length > 1 ? `${letters[index]}: ${version}` : version, value };
  });
}

/** `A`, where there are several. */
export function letterOf(name: string): string {
  return name.slice(0, 1);
}

/** A figure of each model: those that are known, and of the others why they are not. */
export function figuresOf<T extends object>(
  models: readonly Named<ModelReport>[],
  figure: (model: ModelReport) => Known<T>,
  /** Why one that is known cannot be drawn; null where it can. */
  isEmpty: (value: T) => string | null = () => null,
): { readonly known: readonly Named<T>[]; readonly missing: readonly string[] } {
  const known: Named<T>[] = [];
  const reasons: { readonly name: string; readonly reason: string }[] = [];
  for (const { name, value: model } of models) {
    const found = figure(model);
    const reason = isMissing(found) ? found.missing : isEmpty(found);
    if (reason !== null) reasons.push({ name, reason });
    else known.push({ name, value: found as T });
  }
  const isOfAll = reasons.length === models.length && new Set(reasons.map(({ reason }) => reason)).size === 1;
  const missing = isOfAll
    ? [reasons[0]!.reason]
    : reasons.map(({ name, reason }) => (models.length > 1 ? `${name}: ${reason}` : reason));
  return { known, missing };
}
