import { visibleLine } from '../../display/characters.ts';
import { noEvidence } from '../../display/segments.ts';
import type { LetterAnswer, LetterRestAnswer } from '../../http/letter-schemas.ts';
import { preferences } from '../state/preferences.ts';
import type { Texts } from '../texts/en.ts';
import { numberText, useTexts } from '../texts/texts.ts';
import { MessageText } from './message-text.tsx';
import { Name } from './small-parts.tsx';

/** More bytes of hex are behind a click. */
const SHORT_HEX = 32 * 3;
const SHOWN_CHARACTERS = 400;
const SHOWN_LINES = 6;

/** A dead letter: why, where it came from, and its bytes. */
export function Letter({
  letter,
  isSelected,
  onSelect,
}: {
  letter: LetterAnswer;
  isSelected: boolean;
  onSelect: (isOn: boolean) => void;
}) {
  const { letters } = useTexts();
  const { id, reason, detail, position, content, bytes, shown_bytes, replayed, unsendable } = letter;
  const { topic, partition, offset } = position;
  const title = `letter-${id}`;
  const canReplay = !replayed && unsendable === null;
  return (
    <li class="card letter">
      <div class="letter-head">
        {canReplay && (
          <input
            type="checkbox"
            aria-label={letters.select}
            aria-describedby={title}
            checked={isSelected}
            onChange={(event) => onSelect(event.currentTarget.checked)}
          />
        )}
        <h2 id={title}>{reasonText(letters, reason)}</h2>
        <code>{visibleLine(reason, 40)}</code>
        {replayed && <span class="tag tag-ham">{letters.replayed}</span>}
        {!replayed && unsendable !== null && <span class="tag tag-warn">{letters.unsendable}</span>}
      </div>
      <p class="letter-facts">
        {letters.from} <Name most={80}>{topic}</Name>, {letters.place(String(partition), String(offset))} ·{' '}
        {letter.stored_at === null ? letters.noTime : storedText(letter.stored_at)} ·{' '}
        {letters.size(bytes, numberText(bytes))}
        {detail !== '' && (
          <>
            {' '}
            · <bdi>{visibleLine(detail, 200)}</bdi>
          </>
        )}
      </p>
      {!replayed && unsendable !== null && (
        <p class="letter-facts">
          {letters.why} {visibleLine(unsendable, 200)}
        </p>
      )}
      {content.length === 0 && <MessageText message="" evidence={noEvidence} />}
      {content.map((part, index) =>
        'text' in part ? (
          <MessageText
            key={index}
            message={part.text}
            evidence={noEvidence}
            most={SHOWN_CHARACTERS}
            lines={SHOWN_LINES}
          />
        ) : (
          <Hex key={index} hex={part.hex} />
        ),
      )}
      {shown_bytes < bytes && <p class="letter-facts">{letters.cut(numberText(shown_bytes))}</p>}
    </li>
  );
}

/** What is left of letters that were erased, or a line that is none. */
export function LetterRest({ rest: { kind, bytes } }: { rest: LetterRestAnswer }) {
  const { letters } = useTexts();
  return (
    <li class="card letter letter-rest">
      <div class="letter-head">
        <h2>{letters[kind]}</h2>
        <span>{letters.size(bytes, numberText(bytes))}</span>
      </div>
      <p class="letter-facts">{letters.restHint[kind]}</p>
    </li>
  );
}

function Hex({ hex }: { hex: string }) {
  const { letters } = useTexts();
  const code = <code class="hex">{hex}</code>;
  const count = Math.ceil(hex.length / 3);
  if (hex.length <= SHORT_HEX) return code;
  return (
    <details>
      <summary>{letters.noText(numberText(count))}</summary>
      {code}
    </details>
  );
}

function reasonText({ reasons }: Texts['letters'], reason: string): string {
  return (reasons as Readonly<Record<string, string>>)[reason] ?? visibleLine(reason, 60);
}

function storedText(at: number): string {
  return new Date(at).toLocaleString(preferences.value.language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
}
