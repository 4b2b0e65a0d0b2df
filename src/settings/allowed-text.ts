import * as z from 'zod';
import { bare, type SettingFacts } from './setting.ts';

/** What may be given for a setting, in words: "a number from 0 to 1". Markdown's back-ticks around literal values. */
export function allowedText(schema: z.ZodType, facts: SettingFacts): string {
  if (facts.allowed !== undefined) return facts.allowed;
  const inner = bare(schema);
  if (inner instanceof z.ZodNumber) {
    const kind = inner.isInt ? 'a whole number' : 'a number';
    return `${kind} from ${inner.minValue} to ${inner.maxValue}`;
  }
  if (inner instanceof z.ZodEnum) {
    const literals = inner.options.map((option) => `\`${option}\``);
    if (literals.length === 1) return literals[0]!;
    return `${literals.slice(0, -1).join(', ')} or ${literals.at(-1)}`;
  }
  if (inner instanceof z.ZodBoolean) return '`true` or `false`';
  return facts.defaultBase === undefined ? 'text, not empty' : 'a path';
}
