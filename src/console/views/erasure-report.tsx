import type { ErasureReport } from '../../core/erasure.ts';
import { visibleLine } from '../../display/characters.ts';
import type { ErasureAnswer } from '../../http/erasure-schemas.ts';
import { removedIn } from '../logic/erasure.ts';
import { numberText, useTexts } from '../texts/texts.ts';

/** What was counted or erased in each store, the proof, and what cannot be reached. */
export function ErasureReportView({ job, report }: { job: ErasureAnswer; report: ErasureReport }) {
  const { erasure } = useTexts();
  const removed = removedIn(report);
  const isPreview = report.dry_run;
  const title = isPreview
    ? erasure.counted(removed, numberText(removed))
    : report.complete
      ? erasure.complete(removed, numberText(removed))
      : erasure.incomplete;
  return (
    <>
      <h2 class={isPreview || report.complete ? 'outcome' : 'outcome problem'}>{title}</h2>
      {isPreview && removed === 0 && <p>{erasure.nothing}</p>}
      {!isPreview && !report.complete && <p>{erasure.incompleteHint}</p>}
      {!isPreview && (
        <p class="hint">{erasure.texts(numberText(report.texts), numberText(report.too_short))}</p>
      )}
      <Stores report={report} />
      <h2>{erasure.unreachable}</h2>
      <p class="hint">{erasure.unreachableHint}</p>
      {/* The server writes these in English. */}
      <dl class="unreached" lang="en">
        {report.unreachable.map(({ what, retention }) => (
          <div key={what}>
            <dt>{visibleLine(what, 200)}</dt>
            <dd>{retention}</dd>
          </div>
        ))}
      </dl>
      {!isPreview && (
        <p class="row-of-buttons">
          <button type="button" onClick={() => save(job)}>
            {erasure.proof}
          </button>
        </p>
      )}
    </>
  );
}

function Stores({ report: { stores, dry_run } }: { report: ErasureReport }) {
  const { erasure } = useTexts();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled with the keyboard
    <section class="table-scroll stores" tabIndex={0} aria-label={erasure.store}>
      <table>
        <thead>
          <tr>
            <th>{erasure.store}</th>
            <th>{erasure.records}</th>
            {!dry_run && <th>{erasure.bytes}</th>}
            {!dry_run && <th>{erasure.remaining}</th>}
          </tr>
        </thead>
        <tbody lang="en">
          {stores.map(({ store, location, removed, bytes, found, note }) => (
            <tr key={store + location}>
              <td>
                <b>{store}</b>
                <div class="hint place">{visibleLine(location, 200)}</div>
                {note !== undefined && (
                  <div class={found > 0 ? 'problem' : 'hint'}>{visibleLine(note, 400)}</div>
                )}
              </td>
              <td class="number">{numberText(removed)}</td>
              {!dry_run && <td class="number">{numberText(bytes)}</td>}
              {!dry_run && <td class={found > 0 ? 'number problem' : 'number'}>{numberText(found)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function save(job: ErasureAnswer): void {
  const link = document.createElement('a');
  link.download = `erasure-${job.id}.json`;
  link.href = URL.createObjectURL(new Blob([JSON.stringify(job, null, 1)], { type: 'application/json' }));
  link.click();
  URL.revokeObjectURL(link.href);
}
