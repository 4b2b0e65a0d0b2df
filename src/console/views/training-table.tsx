import { useEffect, useRef, useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import { withoutLinks } from '../../display/links.ts';
import { noEvidence } from '../../display/segments.ts';
import type { TrainingRowAnswer } from '../../http/training-schemas.ts';
import { activityOf } from '../logic/address-filter.ts';
import { preferences } from '../state/preferences.ts';
import type { TrainingRows } from '../state/training-rows.ts';
import { agoText, useTexts } from '../texts/texts.ts';
import { MessageText } from './message-text.tsx';
import { Name } from './small-parts.tsx';
import { useNow, useValue } from './use-value.ts';

const COLUMNS = 6;

export function TrainingTable({ rows }: { rows: TrainingRows }) {
  const { training, table } = useTexts();
  const { items, next } = useValue(rows.shown);
  const { chosen } = useValue(rows.selection);
  return (
    <div class="card table-card">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled with the keyboard */}
      <section class="table-scroll" tabIndex={0} aria-label={training.label}>
        <table>
          <thead>
            <tr>
              <th>
                <input
                  type="checkbox"
                  aria-label={table.selectAll}
                  checked={items.length > 0 && chosen.size === items.length}
                  onChange={(event) => rows.selectAll(event.currentTarget.checked)}
                />
              </th>
              <th>{table.message}</th>
              <th>{training.fields.source}</th>
              <th>{training.fields.community}</th>
              <th>{training.fields.class}</th>
              <th>{training.fields.labelled_by}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((row, index) => (
              <Row key={row.id} row={row} index={index} rows={rows} />
            ))}
          </tbody>
        </table>
      </section>
      {next !== null && (
        <button type="button" class="more-rows" onClick={() => void rows.more()}>
          {table.more}
        </button>
      )}
    </div>
  );
}

function Row({ row, index, rows }: { row: TrainingRowAnswer; index: number; rows: TrainingRows }) {
  const texts = useTexts();
  const { training } = texts;
  const { chosen, at } = useValue(rows.selection);
  const [isOpen, setOpen] = useState(false);
  const line = useRef<HTMLTableRowElement>(null);
  const isCurrent = index === at;
  useEffect(() => {
    if (isCurrent) line.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  const about = visibleLine(row.message, 80);
  return (
    <>
      <tr ref={line} class={isCurrent ? 'current' : ''} aria-current={isCurrent ? 'true' : undefined}>
        <td>
          <input
            type="checkbox"
            aria-label={`${texts.table.select}: ${about}`}
            checked={chosen.has(row.id)}
            // A click, also of the space bar, knows whether Shift is held; a change does not.
            onClick={(event) => {
              rows.select(event.shiftKey, index);
              // As it was drawn, where the row was chosen already.
              event.currentTarget.checked = rows.selection.value.chosen.has(row.id);
            }}
          />
        </td>
        <td class="cell-message">
          <button
            type="button"
            class="cell-button"
            aria-expanded={isOpen}
            aria-label={`${training.text}: ${about}`}
            dir="auto"
            onClick={() => setOpen(!isOpen)}
          >
            {withoutLinks(visibleLine(row.message, 160)) || '–'}
          </button>
        </td>
        <td>
          {row.review_id === null ? (
            <Name most={24}>{row.source}</Name>
          ) : (
            <a href={reviewOf(row.review_id)} aria-label={`${training.review}: ${about}`}>
              {visibleLine(row.source, 24)}
            </a>
          )}
        </td>
        <td>
          <Name most={24}>{row.community}</Name>
        </td>
        <td>
          {row.class === null ? (
            <span class="tag tag-plain">{training.unlabeled}</span>
          ) : (
            <span class={`tag tag-${row.class}`}>{texts.labels[row.class]}</span>
          )}
        </td>
        <td class="number">
          <By row={row} about={about} />
        </td>
      </tr>
      {isOpen && (
        <tr class="unfolded">
          <td colSpan={COLUMNS}>
            <MessageText message={row.message} evidence={noEvidence} />
            <p class="hint facts">
              <span>{facts(row, training)}</span>
              <Links row={row} />
            </p>
          </td>
        </tr>
      )}
    </>
  );
}

function By({ row, about }: { row: TrainingRowAnswer; about: string }) {
  const texts = useTexts();
  const now = useNow(60);
  const { labelled_by, labelled_at } = row;
  if (labelled_at === null) return labelled_by === null ? <>–</> : <Name most={24}>{labelled_by}</Name>;
  const ago = agoText(texts, now - labelled_at);
  const time = new Date(labelled_at).toLocaleString(preferences.value.language, {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const decision = decisionOf(row);
  return (
    <>
      {labelled_by !== null && <Name most={24}>{labelled_by}</Name>}{' '}
      {decision === undefined ? (
        <span title={time}>{ago}</span>
      ) : (
        <a href={decision} title={time} aria-label={`${texts.training.decision}, ${ago}: ${about}`}>
          {ago}
        </a>
      )}
    </>
  );
}

/** The same in words, also where the columns have no room. */
function Links({ row }: { row: TrainingRowAnswer }) {
  const { training } = useTexts();
  const decision = decisionOf(row);
  return (
    <>
      {row.review_id !== null && <a href={reviewOf(row.review_id)}>{training.review}</a>}
      {decision !== undefined && <a href={decision}>{training.decision}</a>}
    </>
  );
}

function reviewOf(id: number): string {
  return `/review?id=${id}`;
}

/** Where the activity page shows the decision that gave the row its label. */
function decisionOf({ decision, labelled_by, labelled_at }: TrainingRowAnswer): string | undefined {
  return decision === null || labelled_by === null || labelled_at === null
    ? undefined
    : activityOf(labelled_by, labelled_at);
}

function facts(
  { id, near_group, decision }: TrainingRowAnswer,
  { row, group, decisionNumber }: ReturnType<typeof useTexts>['training'],
): string {
  return [
    row(id),
    ...(near_group === null ? [] : [group(visibleLine(near_group, 60))]),
    ...(decision === null ? [] : [decisionNumber(decision)]),
  ].join(' · ');
}
