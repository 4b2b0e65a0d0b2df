/** What a key does, in the order in which they are listed. */
export const actions = [
  'spam',
  'ham',
  'unsure',
  'skip',
  'undo',
  'next',
  'previous',
  'bulk',
  'select',
  'campaign',
  'search',
  'help',
] as const;
export type Action = (typeof actions)[number];

export type KeyMap = Readonly<Record<Action, string>>;

export const defaultKeys: KeyMap = {
  spam: 's',
  ham: 'h',
  unsure: 'u',
  skip: 'k',
  undo: 'z',
  next: 'j',
  previous: 'p',
  bulk: 'b',
  select: 'x',
  campaign: 'c',
  search: '/',
  help: '?',
};

/** Always there beside the key of the map, since they are no letters. */
const fixedKeys: Readonly<Record<string, Action>> = {
  Backspace: 'undo',
  ArrowDown: 'next',
  ArrowUp: 'previous',
};

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  /** Whether the key is held down, and this is a repetition. */
  readonly repeat: boolean;
  /** Whether the press went to a field in which one writes, or to a control that has keys of its own. */
  readonly isInField: boolean;
}

/**
 * What a key press means; undefined where the browser or the field should have it. A key that is held down moves through the list but decides
 * nothing.
 */
export function actionOf(press: KeyPress, keys: KeyMap, isOn: boolean): Action | undefined {
  const { key, ctrlKey, altKey, metaKey, repeat, isInField } = press;
  if (isInField || ctrlKey || altKey || metaKey) return undefined;
  const fixed = fixedKeys[key];
  // Not a letter: allowed where single-letter keys are off.
  const found =
    fixed ??
    (isOn
      ? actions.find((action) => keys[action] === (key.length === 1 ? key.toLowerCase() : key))
      : undefined);
  return repeat && found !== 'next' && found !== 'previous' ? undefined : found;
}

/** Why a key cannot be taken for an action; undefined if it can. */
export function refusalOf(
  keys: KeyMap,
  action: Action,
  key: string,
): 'not-one-character' | 'taken' | undefined {
  if ([...key].length !== 1 || /[\s\p{C}]/u.test(key)) return 'not-one-character';
  const lower = key.toLowerCase();
  return actions.some((other) => other !== action && keys[other] === lower) ? 'taken' : undefined;
}

export function remapped(keys: KeyMap, action: Action, key: string): KeyMap {
  return refusalOf(keys, action, key) === undefined ? { ...keys, [action]: key.toLowerCase() } : keys;
}

/** Of what was stored: each action has its own key, whatever was stored. */
export function restoredKeys(stored: unknown): KeyMap {
  let keys: KeyMap = defaultKeys;
  if (typeof stored !== 'object' || stored === null) return keys;
  const wanted = stored as Readonly<Record<string, unknown>>;
  const all = Object.fromEntries(
    actions.map((action) => {
      const key = wanted[action];
      return [
        action,
        typeof key === 'string' && [...key].length === 1 ? key.toLowerCase() : defaultKeys[action],
      ];
    }),
  ) as Record<Action, string>;
  // Newer than what was stored, and its key was given to another action.
  for (const action of actions)
    if (typeof wanted[action] !== 'string' && refusalOf(all, action, all[action]) === 'taken')
      all[action] = freeKey(all);
  const isProper = actions.every((action) => refusalOf(all, action, all[action]) === undefined);
  if (isProper) keys = all;
  return keys;
}

/** There are more letters than actions. */
function freeKey(keys: KeyMap): string {
  const taken = new Set(Object.values(keys));
  return [...'abcdefghijklmnopqrstuvwxyz'].find((letter) => !taken.has(letter))!;
}
