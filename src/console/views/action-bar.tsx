import type { Action } from '../logic/keys.ts';
import { preferences } from '../state/preferences.ts';
import { useTexts } from '../texts/texts.ts';
import { Key } from './small-parts.tsx';
import { useValue } from './use-value.ts';

export type DecisionAction = Extract<Action, 'spam' | 'ham' | 'unsure' | 'skip'>;

/** The four answers, in the same place for every message. */
export function ActionBar({
  act,
  actions,
  disabled,
}: {
  act: (action: DecisionAction) => void;
  actions: readonly DecisionAction[];
  disabled: boolean;
}) {
  return (
    <div class={`act act-${actions.length}`}>
      {actions.map((action) => (
        <ActionButton key={action} action={action} disabled={disabled} onClick={() => act(action)} />
      ))}
    </div>
  );
}

/** A button with the key that does the same. */
export function ActionButton({
  action,
  disabled = false,
  className = `b-${action}`,
  label,
  onClick,
}: {
  action: Action;
  disabled?: boolean;
  className?: string;
  /** Where the name of the action is too general. */
  label?: string;
  onClick: () => void;
}) {
  const texts = useTexts();
  const { keys, keysOn } = useValue(preferences);
  return (
    <button
      type="button"
      class={className}
      disabled={disabled}
      aria-keyshortcuts={keysOn ? keys[action].toUpperCase() : undefined}
      onClick={onClick}
    >
      {label ?? texts.actions[action]} {keysOn && <Key>{keys[action]}</Key>}
    </button>
  );
}
