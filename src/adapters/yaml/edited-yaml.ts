import { isScalar, parseDocument, stringify } from 'yaml';
import type { SettingChange } from '../../ports/settings-writer.ts';

/**
 * The text of a YAML file with some settings changed. A value that is there is replaced where it stands, and nothing else of the text
 * changes; for one that is missing the document is written again, with its comments. Throws an `Error` where the file's structure has no
 * room for a setting, such as below an alias.
 */
export function editedYaml(text: string, changes: readonly SettingChange[]): string {
  return changes.reduce((before, { path, value }) => withValue(before, path, value), text);
}

function withValue(text: string, path: readonly string[], value: unknown): string {
  const document = parseDocument(text, { uniqueKeys: false });
  const node = document.getIn(path, true);
  if (isScalar(node) && node.range && node.anchor === undefined) {
    const [from, to] = node.range;
    // `name:` with nothing behind it is a scalar without a text of its own.
    if (to > from) return text.slice(0, from) + stringify(value).trimEnd() + text.slice(to);
  }
  // Sections that are there and empty, `decide:`, become mappings.
  for (let depth = 1; depth < path.length; depth++) {
    const above = path.slice(0, depth);
    const section = document.getIn(above, true);
    if (section === null || (isScalar(section) && section.value === null))
      document.setIn(above, document.createNode({}));
  }
  document.setIn(path, value);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
