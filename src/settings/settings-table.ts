import { allowedText } from './allowed-text.ts';
import { defaultText } from './default-text.ts';
import { type Setting, settingsOf } from './setting.ts';
import { settingsSchema } from './settings-schema.ts';

const header = ['| Setting | What it does | Allowed | Default | Live |', '|---|---|---|---|---|'];

function row(setting: Setting): string {
  const { path, schema, facts } = setting;
  const unit = facts.unit === undefined ? '' : ` (${facts.unit})`;
  const secret = facts.secret ? ' Secret.' : '';
  const cells = [
    `\`${path.join('.')}\``,
    facts.description + secret,
    allowedText(schema, facts) + unit,
    defaultText(setting),
    facts.live ? 'yes' : '',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Every setting as one Markdown table, ending in a line break. */
export function settingsTable(): string {
  return `${[...header, ...settingsOf(settingsSchema).map(row)].join('\n')}\n`;
}

const tableMarkers = { begin: '<!-- settings: begin -->', end: '<!-- settings: end -->' } as const;

/** A document with the table between its markers renewed. Throws when it has no markers. */
export function withSettingsTable(document: string): string {
  const begin = document.indexOf(tableMarkers.begin);
  const end = document.indexOf(tableMarkers.end);
  if (begin === -1 || end < begin)
    throw new RangeError('the document has no markers for the table of settings');
  return `${document.slice(0, begin + tableMarkers.begin.length)}\n${settingsTable()}${document.slice(end)}`;
}
