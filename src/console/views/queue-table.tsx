import { useEffect, useRef } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import { withoutLinks } from '../../display/links.ts';
import type { QueueItemAnswer } from '../../http/console-schemas.ts';
import { searchOf, type ViewState } from '../logic/view-state.ts';
import type { TableRows } from '../state/table-rows.ts';
import { agoText, probabilityText, useTexts } from '../texts/texts.ts';
import { Name } from './small-parts.tsx';
import { useNow, useValue } from './use-value.ts';

/** The queue as a table, to look over and to decide several rows at once. */
export function QueueTable({ rows, view }: { rows: TableRows; view: ViewState }) {
  const { table } = useTexts();
  const { items, selected, next } = useValue(rows.shown);
  return (
    <div class="card table-card">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled with the keyboard */}
      <section class="table-scroll" tabIndex={0} aria-label={table.label}>
        <table>
          <thead>
            <tr>
              <th>
                <input
                  type="checkbox"
                  aria-label={table.selectAll}
                  checked={items.length > 0 && selected.size === items.length}
                  onChange={(event) => rows.selectAll(event.currentTarget.checked)}
                />
              </th>
              <th>{table.message}</th>
              <th>{table.sender}</th>
              <th>{table.community}</th>
              <th>{table.score}</th>
              <th>{table.age}</th>
              {view.state === 'labelled' && <th>{table.decision}</th>}
            </tr>
          </thead>
          <tbody>
            {items.map((item, index) => (
              <Row key={item.id} item={item} index={index} rows={rows} view={view} />
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

function Row({
  item,
  index,
  rows,
  view,
}: {
  item: QueueItemAnswer;
  index: number;
  rows: TableRows;
  view: ViewState;
}) {
  const texts = useTexts();
  const { selected, at } = useValue(rows.shown);
  const now = useNow(60);
  const line = useRef<HTMLTableRowElement>(null);
  const isCurrent = index === at;
  useEffect(() => {
    if (isCurrent) line.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  return (
    <tr ref={line} class={isCurrent ? 'current' : ''} aria-current={isCurrent ? 'true' : undefined}>
      <td>
        <input
          type="checkbox"
          aria-label={texts.table.select}
          checked={selected.has(item.id)}
          // A click, also of the space bar, knows whether Shift is held; a change does not.
          onClick={(event) => rows.select(index, event.currentTarget.checked, event.shiftKey)}
        />
      </td>
      <td class="cell-message">
        <a
          href={`/review${searchOf({ ...view, view: 'one', id: item.id })}`}
          aria-label={`${texts.table.open}: ${visibleLine(item.message, 80)}`}
          dir="auto"
        >
          {withoutLinks(visibleLine(item.message, 160)) || '–'}
        </a>
      </td>
      <td>{item.sender === null ? '–' : <Name most={24}>{item.sender}</Name>}</td>
      <td>
        <Name most={24}>{item.community}</Name>
      </td>
      <td class="number">{item.probability === null ? '–' : probabilityText(item.probability)}</td>
      <td class="number">{agoText(texts, now - item.created_at)}</td>
      {view.state === 'labelled' && (
        <td>
          {item.label !== null && <span class={`tag tag-${item.label}`}>{texts.labels[item.label]}</span>}{' '}
          {item.decided_by !== null && <Name most={24}>{item.decided_by}</Name>}
        </td>
      )}
    </tr>
  );
}
