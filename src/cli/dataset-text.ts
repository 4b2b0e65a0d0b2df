import type { ModelData } from '../core/model-data.ts';
import { countText } from './label-step-output.ts';

const HEADER = [
  'source',
  'read',
  'training spam',
  'training ham',
  'held-out spam',
  'held-out ham',
  'left out',
];

/** Contradictions that are shown; the JSON has more. */
const SHOWN = 5;

const time = (at: number) => new Date(at).toISOString();

/** A table by source, what was left out, and the contradictions. */
export function dataText(data: ModelData): string {
  const { sources, contradictions } = data;
  const left = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  const rows = sources.map(({ name, read, training, heldOut, leftOut }) => [
    name,
    ...[read, training.spam, training.ham, heldOut.spam, heldOut.ham, left(leftOut)].map(countText),
  ]);
  const table = [HEADER, ...rows];
  const widths = HEADER.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '),
  );
  const reasons = new Map<string, number>();
  for (const { leftOut } of sources)
    for (const [reason, count] of Object.entries(leftOut))
      reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  if (reasons.size > 0)
    lines.push(
      `left out: ${[...reasons].map(([reason, count]) => `${reason} ${countText(count)}`).join(', ')}`,
    );
  if (data.labelsUntil > 0) lines.push(`labels until ${time(data.labelsUntil)}`);
  if (contradictions.count > 0) {
    lines.push(
      `contradictions: ${countText(contradictions.count)} messages have both labels and are in neither part; decide or remove their rows:`,
      ...contradictions.first.slice(0, SHOWN).map((one) => `  ${one.rows.join(', ')}`),
    );
    if (contradictions.count > SHOWN) lines.push('  …');
  }
  return `${lines.join('\n')}\n`;
}
