import { useEffect, useRef } from 'preact/hooks';
import { noEvidence } from '../../display/segments.ts';
import type { QueueItemAnswer } from '../../http/console-schemas.ts';
import { whyHere } from '../logic/why-here.ts';
import type { ReviewPage } from '../state/review-page.ts';
import { agoText, useTexts } from '../texts/texts.ts';
import { MessageText } from './message-text.tsx';
import { RereadingBox } from './rereading-box.tsx';
import { ScoreScale } from './score-scale.tsx';
import { Name } from './small-parts.tsx';
import { useNow, useValue } from './use-value.ts';

/** One message: who sent it, its text, what was deobfuscated, its score. */
export function MessageCard({ page }: { page: ReviewPage }) {
  const { items, at } = useValue(page.desk);
  const all = useValue(page.reasons.all);
  const item = items[at];
  const body = useRef<HTMLElement>(null);
  useEffect(() => {
    if (body.current !== null && item !== undefined) body.current.scrollTop = 0;
  }, [item]);
  if (item === undefined) return null;
  const reasons = all.get(item.id);
  const explanation = reasons?.phase === 'ready' ? reasons.explanation : undefined;
  return (
    <>
      <Meta page={page} />
      <Answers item={item} />
      <WhyHere item={item} threshold={explanation?.thresholds.reject_min} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long message is scrolled with the keyboard */}
      <section class="msg-body" ref={body} tabIndex={0} aria-labelledby="message-title">
        <MessageText
          key={`${item.id} ${item.version}`}
          message={item.message}
          evidence={explanation ?? noEvidence}
        />
        {explanation !== undefined && <RereadingBox message={item.message} explanation={explanation} />}
      </section>
      <ScoreScale item={item} explanation={explanation} />
    </>
  );
}

function Meta({ page }: { page: ReviewPage }) {
  const texts = useTexts();
  const { message } = texts;
  const { items, at } = useValue(page.desk);
  const item = items[at]!;
  const now = useNow(30);
  const { state, label, decided_by, unsure } = item;
  return (
    <div class="meta">
      <h2 id="message-title" class="away">
        {message.label}
      </h2>
      <span>
        {message.from} {item.sender === null ? message.nobody : <Name>{item.sender}</Name>}
      </span>
      <span>
        {message.community} <Name>{item.community}</Name>
      </span>
      <span>{agoText(texts, now - item.created_at)}</span>
      {unsure > 0 && <span class="tag-warn">{message.unsure(unsure)}</span>}
      {state === 'labelled' && label !== null && (
        <span class={`tag tag-${label}`}>{message.decided(texts.labels[label], decided_by ?? '')}</span>
      )}
      <Lease page={page} id={item.id} />
    </div>
  );
}

/** Most are there for their score, which is shown below; for the others a line says why. */
function WhyHere({ item, threshold }: { item: QueueItemAnswer; threshold: number | undefined }) {
  const { message } = useTexts();
  const { reporters } = item;
  // With their number it says the same and more.
  const why = whyHere(item, threshold).filter((each) => each !== 'report' || reporters === 0);
  const lines = [
    ...why.map((each) => message.whyHere[each]),
    ...(reporters > 0 ? [message.reported(reporters)] : []),
  ];
  if (lines.length === 0) return null;
  return <p class="why-here">{lines.join(' ')}</p>;
}

/** Two answers that differ, for a lead who has the row. */
function Answers({ item: { answers = [] } }: { item: QueueItemAnswer }) {
  const { message, labels } = useTexts();
  if (answers.length === 0) return null;
  return (
    <p class="why-here">
      {message.differ}{' '}
      {answers.map(({ by, label }, index) => (
        <span key={by}>
          {index > 0 && ', '}
          <Name most={24}>{by}</Name>: {labels[label]}
        </span>
      ))}
    </p>
  );
}

function Lease({ page, id }: { page: ReviewPage; id: number }) {
  const { message } = useTexts();
  const end = useValue(page.leases.ends).get(id);
  const now = useNow(1);
  const seconds = end === undefined ? 0 : Math.max(0, Math.ceil((end - now) / 1000));
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return <span class="lease">{end === undefined ? message.notLeased : message.lease(time)}</span>;
}
