import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PeopleLists, PeopleState, PeopleView, ShownSecret } from '../state/people.ts';
import { preferences } from '../state/preferences.ts';
import { useTexts } from '../texts/texts.ts';

export interface PeopleCardProps {
  readonly state: PeopleState;
  readonly view: PeopleView;
  readonly lists: PeopleLists;
}

/** A table that is scrolled with the keyboard where it is wide. */
export function ListTable({
  label,
  heads,
  children,
}: {
  label: string;
  heads: readonly string[];
  children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled with the keyboard
    <section class="table-scroll" tabIndex={0} aria-label={label}>
      <table class="stacked">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** Day and minute, in the language that was chosen. */
export function timeText(at: number): string {
  return new Date(at).toLocaleString(preferences.value.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** What the server shows this once: to be copied, and then put away. */
export function SecretBox({ secret, onDone }: { secret: ShownSecret; onDone: () => void }) {
  const { people } = useTexts();
  const texts = people.secret;
  const [result, setResult] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret.value);
      setResult(texts.copied);
    } catch {
      field.current?.select();
      setResult(texts.notCopied);
    }
  };
  return (
    <div class="secret">
      <p>
        <b>{texts[secret.of]}</b>
      </p>
      <label>
        {texts.label[secret.of]}
        <input ref={field} readOnly value={secret.value} dir="ltr" autocomplete="off" />
      </label>
      <p class="row-of-buttons">
        <button type="button" class="b-main" onClick={() => void copy()}>
          {texts.copy}
        </button>
        <button type="button" onClick={onDone}>
          {texts.dismiss}
        </button>
        <span role="status">{result}</span>
      </p>
    </div>
  );
}
