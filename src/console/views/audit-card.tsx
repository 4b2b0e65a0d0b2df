import { useEffect, useState } from 'preact/hooks';
import type { AuditAnswer, AuditEstimatesAnswer } from '../../http/audit-schemas.ts';
import type { Api } from '../state/api.ts';
import { preferences } from '../state/preferences.ts';
import { numberText, useTexts } from '../texts/texts.ts';

const AGAIN_SECONDS = 300;

type Rate = AuditEstimatesAnswer['precision'];
type Estimates = AuditAnswer['from_reviews_alone'];

const rates = ['true_positive_rate', 'false_positive_rate', 'precision', 'prevalence'] as const;

/** The true rates of the last 30 days by the audit sample, with those of review rows alone beside them. */
export function AuditCard({ api }: { api: Api }) {
  const { audit: texts } = useTexts();
  const [found, setFound] = useState<AuditAnswer | 'loading' | 'failed'>('loading');
  useEffect(() => {
    const load = () =>
      api.call<AuditAnswer>('/api/v1/audit').then(setFound, () =>
        // Figures that are known stay.
        setFound((before) => (typeof before === 'object' ? before : 'failed')),
      );
    void load();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void load();
    }, AGAIN_SECONDS * 1000);
    return () => clearInterval(timer);
  }, [api]);
  return (
    <section class="card figures audit-card" aria-labelledby="audit-title">
      <h2 id="audit-title">{texts.title}</h2>
      {found === 'loading' && <p class="hint">{texts.loading}</p>}
      {found === 'failed' && <p class="problem">{texts.failed}</p>}
      {typeof found === 'object' && <Found found={found} />}
    </section>
  );
}

function Found({ found }: { found: AuditAnswer }) {
  const { audit: texts } = useTexts();
  const all = found.groups.find(({ by }) => by === 'all');
  const { drawn = 0, decided = 0, unsure = 0 } = all ?? {};
  if (all === undefined || drawn === 0) return <p>{found.drawing ? texts.nothingDrawn : texts.notDrawing}</p>;
  const counts = texts.counts(numberText(drawn), numberText(decided), numberText(unsure));
  if (decided < found.least_decided)
    return (
      <>
        <p>{counts}</p>
        <p>{texts.tooFew(numberText(found.least_decided - decided))}</p>
        <p>
          <a href="/review">{texts.decide}</a>
        </p>
      </>
    );
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.rate}</th>
            <th scope="col">{texts.byAudit}</th>
            <th scope="col">{texts.byReviews}</th>
          </tr>
        </thead>
        <tbody>
          {rates.map((name) => (
            <tr key={name}>
              <th scope="row">{texts.rates[name]}</th>
              <td data-label={texts.byAudit}>
                <RateText rate={rateOf(all.estimates, name)} />
              </td>
              <td class="audit-biased" data-label={texts.byReviews}>
                <RateText rate={rateOf(found.from_reviews_alone, name)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">{counts}</p>
      <p class="hint">{texts.hint}</p>
    </>
  );
}

function rateOf(estimates: Estimates, name: (typeof rates)[number]): Rate {
  return 'missing' in estimates ? null : estimates[name];
}

function RateText({ rate }: { rate: Rate }) {
  const { audit: texts } = useTexts();
  if (rate === null) return <>{texts.unknown}</>;
  return (
    <>
      <b>{shareText(rate.estimate)}</b>{' '}
      <span class="hint audit-interval">
        {shareText(rate.low)} … {shareText(rate.high)}
      </span>
    </>
  );
}

/** Two digits that count, since false positives are a few in ten thousand. */
function shareText(share: number): string {
  return share.toLocaleString(preferences.value.language, {
    style: 'percent',
    ...(share > 0.1 && share < 1 ? { maximumFractionDigits: 1 } : { maximumSignificantDigits: 2 }),
  });
}
