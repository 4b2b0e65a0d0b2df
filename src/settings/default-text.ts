import type { Setting } from './setting.ts';

/** A setting's default in words, for documentation; Markdown's back-ticks around literal values. */
export function defaultText({ schema, facts }: Setting): string {
  if (facts.defaultText !== undefined) return facts.defaultText;
  const value = schema.safeParse(undefined);
  if (!value.success || value.data === undefined) return 'none';
  const literal = `\`${String(value.data)}\``;
  if (facts.defaultBase === 'state') return `${literal} in \`state.path\``;
  return facts.defaultBase === 'package' ? `${literal} in the package` : literal;
}
