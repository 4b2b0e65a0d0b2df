import { useEffect } from 'preact/hooks';
import { type Action, actionOf } from '../logic/keys.ts';
import { preferences } from '../state/preferences.ts';
import { settingsOpen } from './shell.tsx';

/** Does what keys mean while a page is shown. `isBusy`: whether a dialog has the keys. */
export function useKeys(act: (action: Action, isShifted: boolean) => void, isBusy: () => boolean): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { key, ctrlKey, altKey, metaKey, repeat, target } = event;
      const { keys, keysOn } = preferences.value;
      const isInField =
        settingsOpen.value ||
        isBusy() ||
        (target instanceof Element &&
          target.closest('input:not([type=checkbox]), select, textarea, dialog, summary') !== null);
      const action = actionOf({ key, ctrlKey, altKey, metaKey, repeat, isInField }, keys, keysOn);
      // Arrows scroll a long message or table that has the focus.
      if (action === undefined || (key.startsWith('Arrow') && isScrollable(target))) return;
      event.preventDefault();
      act(action, event.shiftKey);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
}

function isScrollable(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.matches('.msg-body') && target.scrollHeight > target.clientHeight
  );
}
