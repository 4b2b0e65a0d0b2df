import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { AgreementAnswer, AgreementFigures } from '../../http/agreement-schemas.ts';
import type { Api } from '../state/api.ts';
import { numberText, useTexts } from '../texts/texts.ts';
import { Name } from './small-parts.tsx';

const AGAIN_SECONDS = 300;
const SHOWN_PEOPLE = 6;
const SHOWN_WEEKS = 6;

/** How well people agree about the same messages; nothing before the first message that two answered. */
export function AgreementCard({ api }: { api: Api }) {
  const { agreement: texts } = useTexts();
  const [known, setKnown] = useState<AgreementAnswer | undefined>(undefined);
  useEffect(() => {
    const load = () =>
      api.call<AgreementAnswer>('/api/v1/review/agreement').then(setKnown, () => {
        // The figures stay as they were: nobody needs them to decide.
      });
    void load();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void load();
    }, AGAIN_SECONDS * 1000);
    return () => clearInterval(timer);
  }, [api]);
  if (known === undefined || known.mine.pairs + (known.team?.pairs ?? 0) === 0) return null;
  const { mine, team, people, weeks, least_pairs } = known;
  return (
    <section class="card agreement" aria-labelledby="agreement-title">
      <details>
        <summary>
          <h2 id="agreement-title">{texts.title}</h2>
          <span class="agreement-brief">κ {kappaText((team ?? mine).kappa)}</span>
        </summary>
        <div class="body">
          <table>
            <thead>
              <tr>
                <th>{texts.who}</th>
                <th>{texts.messages}</th>
                <th>{texts.same}</th>
                <th>κ</th>
              </tr>
            </thead>
            <tbody>
              {team !== null && <Row name={texts.team} figures={team} />}
              {mine.pairs > 0 && <Row name={texts.mine} figures={mine} />}
              {(people ?? []).slice(0, SHOWN_PEOPLE).map((pair) => (
                <Row
                  key={pair.names.join('\n')}
                  figures={pair}
                  name={
                    <>
                      <Name most={16}>{pair.names[0]}</Name> · <Name most={16}>{pair.names[1]}</Name>
                    </>
                  }
                />
              ))}
              {weeks.slice(-SHOWN_WEEKS).map((week) => (
                <Row key={week.week} name={texts.week(dayOf(week.week))} figures={week} />
              ))}
            </tbody>
          </table>
          <p class="hint">{texts.hint(least_pairs)}</p>
        </div>
      </details>
    </section>
  );
}

function Row({
  name,
  figures: { pairs, observed, kappa, low, high },
}: {
  name: ComponentChildren;
  figures: AgreementFigures;
}) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{numberText(pairs)}</td>
      <td>{observed === null ? '–' : `${Math.round(observed * 100)} %`}</td>
      <td>
        {kappaText(kappa)}
        {low !== null && high !== null && (
          <span class="hint agreement-interval">
            {' '}
            {kappaText(low)} … {kappaText(high)}
          </span>
        )}
      </td>
    </tr>
  );
}

/** The day in UTC, as the server divides weeks. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(5, 10);
}

function kappaText(kappa: number | null): string {
  return kappa === null ? '–' : kappa.toFixed(2).replace('-', '−');
}
