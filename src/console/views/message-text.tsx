import { useMemo, useState } from 'preact/hooks';
import { type Evidence, type Segment, segmentsOf } from '../../display/segments.ts';
import { foldAt, UNFOLD_CHARACTERS } from '../logic/fold.ts';
import { numberText, useTexts } from '../texts/texts.ts';

/** A message in its own words: text nodes only, whatever it contains. */
export function MessageText({
  message,
  evidence,
  most,
  lines,
}: {
  message: string;
  evidence: Evidence;
  /** Where it is folded at first; as one message on the page if left out. */
  most?: number;
  lines?: number;
}) {
  const texts = useTexts();
  const [end, setEnd] = useState(() => foldAt(message, most, lines));
  const segments = useMemo(() => segmentsOf(message, evidence, 0, end), [message, evidence, end]);
  if (message === '') return <p class="msg msg-empty">{texts.message.empty}</p>;
  const rest = message.length - end;
  return (
    <>
      <div class="msg" dir="auto">
        {segments.map((segment, index) => (
          <Run key={index} segment={segment} />
        ))}
      </div>
      {rest > 0 && (
        <button
          type="button"
          class="unfold"
          onClick={() => setEnd(foldAt(message, end + UNFOLD_CHARACTERS, Number.POSITIVE_INFINITY))}
        >
          {texts.message.more(numberText(rest))}
        </button>
      )}
    </>
  );
}

function Run({ segment: { text, kind, level, reread, title } }: { segment: Segment }) {
  if (kind === 'hidden' || kind === 'marks')
    return (
      <bdi class="ctl" title={title}>
        {text}
      </bdi>
    );
  const names = [
    level > 0 ? `p${level}` : level < 0 ? `m${-level}` : '',
    reread ? 'reread' : '',
    kind === 'link' ? 'link' : '',
  ].filter(Boolean);
  if (names.length === 0) return <>{text}</>;
  return level === 0 ? (
    <span class={names.join(' ')}>{text}</span>
  ) : (
    <mark class={names.join(' ')}>{text}</mark>
  );
}
