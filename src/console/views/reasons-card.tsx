import { useMemo } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import { withoutLinks } from '../../display/links.ts';
import type { ExplanationAnswer } from '../../http/console-schemas.ts';
import { type Reason, reasonsOf } from '../logic/reasons.ts';
import type { Reasons } from '../state/reasons-of-rows.ts';
import type { Texts } from '../texts/en.ts';
import { signedText, useTexts } from '../texts/texts.ts';
import { featureText } from './feature-text.ts';

export function ReasonsCard({
  message,
  reasons,
  isHidden,
  onRetry,
}: {
  message: string;
  reasons: Reasons | undefined;
  /** Until the message is decided. */
  isHidden: boolean;
  onRetry: () => void;
}) {
  const { why } = useTexts();
  return (
    <section class="card" aria-labelledby="why-title">
      <h2 id="why-title">{why.title}</h2>
      <div class="body">
        {isHidden ? (
          <p class="hint">{why.hidden}</p>
        ) : reasons?.phase === 'ready' ? (
          <List message={message} explanation={reasons.explanation} />
        ) : reasons?.phase === 'failed' ? (
          <>
            <p>{why.failed}</p>
            <button type="button" onClick={onRetry}>
              {why.retry}
            </button>
          </>
        ) : (
          <p class="hint">{why.loading}</p>
        )}
      </div>
    </section>
  );
}

function List({ message, explanation }: { message: string; explanation: ExplanationAnswer }) {
  const texts = useTexts();
  const reasons = useMemo(() => reasonsOf(message, explanation), [message, explanation]);
  const largest = Math.max(0.5, ...reasons.map(({ contribution }) => Math.abs(contribution)));
  return (
    <>
      <ul class="why">
        {reasons.map((reason) => (
          <li key={`${reason.kind} ${reason.name}`}>
            <span class="why-name" dir="auto">
              {nameOf(texts, reason)}
            </span>
            <SignedBar value={reason.contribution / largest} />
            <em>
              {signedText(reason.contribution)}
              <span class="away">
                {' '}
                {reason.contribution < 0 ? texts.why.towardsHam : texts.why.towardsSpam}
              </span>
            </em>
          </li>
        ))}
      </ul>
      <p class="hint">{texts.why.hint}</p>
    </>
  );
}

/** To the right of the middle for what speaks for spam, to the left for what speaks against it. */
function SignedBar({ value }: { value: number }) {
  const width = Math.abs(value) * 49;
  return (
    <svg class="why-bar" aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none">
      <rect class="why-axis" x="49.5" y="0" width="1" height="10" />
      <rect
        class={value < 0 ? 'why-ham' : 'why-spam'}
        x={value < 0 ? 50 - width : 50}
        y="1"
        width={width}
        height="8"
      />
    </svg>
  );
}

function nameOf(texts: Texts, { kind, name }: Reason): string {
  const { why } = texts;
  if (kind === 'rest') return why.rest;
  if (kind === 'prior') return why.prior;
  const shown = visibleLine(name, 48);
  if (kind === 'words') return `“${withoutLinks(shown)}”`;
  if (kind === 'adjustment') return (why.adjustments as Readonly<Record<string, string>>)[name] ?? shown;
  return featureText(texts, name);
}
