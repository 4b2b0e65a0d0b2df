import type { ComponentChildren } from 'preact';
import { visibleLine } from '../../display/characters.ts';
import type { OverviewEvent } from '../../http/overview-schemas.ts';
import { bytesText, durationText, percentText, shortNumber } from '../logic/amounts.ts';
import type { Point } from '../logic/overview-history.ts';
import { preferences } from '../state/preferences.ts';
import { amountText, numberText, type useTexts as Use, useTexts } from '../texts/texts.ts';
import { Legend, LineChart } from './line-chart.tsx';
import { Notice } from './small-parts.tsx';
import { useValue } from './use-value.ts';

type Pipeline = NonNullable<OverviewEvent['pipeline']>;
type Queue = NonNullable<OverviewEvent['queue']>;
type Texts = ReturnType<typeof Use>;

/** Numbers as the chosen language writes them. */
function useFormat() {
  const { language } = useValue(preferences);
  return {
    number: (value: number) => shortNumber(value, language),
    bytes: (value: number) => bytesText(value, language),
    duration: (value: number) => durationText(value, language),
    percent: (value: number) => percentText(value, language),
  };
}

/** `isOld`: the figures are not those of this moment. */
export function OverviewCards({
  event,
  history,
  isOld,
}: {
  event: OverviewEvent;
  history: readonly Point[];
  isOld: boolean;
}) {
  const { overview } = useTexts();
  const { pipeline, queue, reasons } = event;
  return (
    <div class={`overview${isOld ? ' overview-old' : ''}`}>
      {reasons.length > 0 && (
        <Card title={overview.notReady} width="wide">
          <ul class="reasons">
            {reasons.map((reason) => (
              <li key={reason}>{visibleLine(reason, 300)}</li>
            ))}
          </ul>
        </Card>
      )}
      {pipeline === null ? (
        <Card title={overview.noPipeline} width="wide">
          <p>{overview.noPipelineHint}</p>
        </Card>
      ) : (
        <>
          <RateCard pipeline={pipeline} history={history} />
          <LatencyCard pipeline={pipeline} history={history} />
          <LagCard pipeline={pipeline} history={history} />
          <PoolCard pipeline={pipeline} history={history} />
        </>
      )}
      {queue === null ? (
        <Card title={overview.queue}>
          <Notice title={overview.noQueue} kind="problem">
            <p>{overview.noQueueHint}</p>
          </Notice>
        </Card>
      ) : (
        <QueueCard queue={queue} event={event} history={history} />
      )}
      {pipeline !== null && <DeadLetterCard pipeline={pipeline} />}
      <ProcessCard event={event} />
      {pipeline !== null && <PartitionCard lag={pipeline.lag} />}
    </div>
  );
}

function Card({
  title,
  children,
  width = 'one',
}: {
  title: string;
  children: ComponentChildren;
  /** `rest`: of the last row. */
  width?: 'one' | 'rest' | 'wide';
}) {
  return (
    <section class={`card figures figures-${width}`} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** The one figure that a card is about. */
function Big({ value, unit }: { value: string; unit?: string }) {
  return (
    <p class="big">
      <b>{value}</b> {unit}
    </p>
  );
}

function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren] | false)[] }) {
  return (
    <dl class="facts">
      {facts.map(
        (fact) =>
          fact !== false && (
            <div key={fact[0]}>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

type CardProps = { readonly pipeline: Pipeline; readonly history: readonly Point[] };

function RateCard({ pipeline: { per_second: rate, since_start: all }, history }: CardProps) {
  const { overview } = useTexts();
  const { number } = useFormat();
  const series = [
    { name: 'ham', label: overview.verdicts.ham },
    { name: 'review', label: overview.verdicts.review },
    { name: 'spam', label: overview.verdicts.spam },
    { name: 'deadLetters', label: overview.verdicts.deadLetters },
  ] as const;
  const now = {
    ham: rate?.ham,
    review: rate?.review,
    spam: rate?.spam,
    deadLetters: rate?.dead_letters,
  };
  const total = rate === null ? undefined : rate.ham + rate.review + rate.spam + rate.dead_letters;
  const scored = all.ham + all.review + all.spam + all.dead_letters;
  return (
    <Card title={overview.rate}>
      <Big value={total === undefined ? '–' : number(total)} unit={overview.perSecond} />
      <LineChart title={overview.rate} series={series} history={history} format={number} least={1} />
      <Legend
        entries={series.map((each) => {
          const value = now[each.name];
          return { ...each, value: value === undefined ? '–' : number(value) };
        })}
      />
      <p class="hint">{overview.sinceStart(numberText(scored))}</p>
    </Card>
  );
}

function LatencyCard({ pipeline: { latency }, history }: CardProps) {
  const { overview } = useTexts();
  const { duration } = useFormat();
  const series = [
    { name: 'p50', label: overview.p50 },
    { name: 'p99', label: overview.p99 },
  ] as const;
  return (
    <Card title={overview.latency}>
      <Big value={latency === null ? '–' : duration(latency.p50)} unit={overview.p50} />
      <LineChart title={overview.latency} series={series} history={history} format={duration} least={0.01} />
      <Legend
        entries={series.map((each) => ({
          ...each,
          value: latency === null ? '–' : duration(latency[each.name]),
        }))}
      />
      <p class="hint">{latency === null ? overview.noLatency : overview.latencyHint}</p>
    </Card>
  );
}

function LagCard({ pipeline: { lag }, history }: CardProps) {
  const texts = useTexts();
  const { overview } = texts;
  const { number, bytes } = useFormat();
  const amount = lag.unit === 'bytes' ? bytes : number;
  const ages = lag.partitions.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  return (
    <Card title={overview.lag}>
      <Big value={amount(lag.total)} unit={lag.unit === 'bytes' ? overview.bytesBehind : overview.behind} />
      <LineChart
        title={overview.lag}
        series={[{ name: 'lag', label: overview.lag }]}
        history={history}
        format={amount}
        least={lag.unit === 'bytes' ? 1000 : 10}
      />
      <p class="hint">{lagHint(texts, lag, ages)}</p>
    </Card>
  );
}

const PARTITIONS = 10;

/** Those that are behind; nothing while none is. */
function PartitionCard({ lag }: { lag: Pipeline['lag'] }) {
  const texts = useTexts();
  const { overview } = texts;
  const { number, bytes } = useFormat();
  const amount = lag.unit === 'bytes' ? bytes : number;
  const behind = lag.partitions.filter((each) => each.lag > 0);
  if (behind.length === 0) return null;
  const hasAges = behind.some(({ seconds }) => seconds !== null);
  const most = behind[0]!.lag;
  const rest = Math.max(0, behind.length - PARTITIONS) + (lag.others.lag > 0 ? lag.others.partitions : 0);
  return (
    <Card title={overview.byPartition} width="rest">
      <table class="partitions">
        <thead>
          <tr>
            <th>{overview.partition}</th>
            <th>{overview.lagOf}</th>
            {hasAges && <th>{overview.seconds}</th>}
            <td class="partition-bar" />
          </tr>
        </thead>
        <tbody>
          {behind.slice(0, PARTITIONS).map(({ topic, partition, lag: own, seconds }) => (
            <tr key={`${topic} ${partition}`}>
              <td>
                <bdi>{visibleLine(topic, 60)}</bdi>
                {lag.unit === 'messages' && ` ${partition}`}
              </td>
              <td>{amount(own)}</td>
              {hasAges && <td>{seconds === null ? '–' : amountText(texts, seconds)}</td>}
              <td class="partition-bar">
                <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={(100 * own) / most} height={8} />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p class="hint">{overview.morePartitions(rest)}</p>}
    </Card>
  );
}

function lagHint(texts: Texts, lag: Pipeline['lag'], ages: readonly number[]): string {
  const { overview } = texts;
  if (!lag.is_known) return overview.lagUnknown(amountText(texts, lag.age_seconds));
  if (lag.total === 0) return overview.caughtUp(lag.partitions.length + lag.others.partitions);
  return ages.length === 0 ? overview.noSeconds : overview.oldest(amountText(texts, Math.max(...ages)));
}

function PoolCard({ pipeline: { pool }, history }: CardProps) {
  const { overview } = useTexts();
  const { percent } = useFormat();
  return (
    <Card title={overview.pool}>
      <Big value={percent(pool.utilization)} unit={overview.busy} />
      <LineChart
        title={overview.busy}
        series={[{ name: 'busy', label: overview.busy }]}
        history={history}
        format={percent}
        least={1}
        top={1}
      />
      <Facts
        facts={[
          [overview.threads, overview.threadsOf(pool.threads, pool.wanted)],
          [overview.queued, numberText(pool.queued)],
        ]}
      />
      <p class="hint">{overview.poolHint(numberText(pool.window_seconds))}</p>
    </Card>
  );
}

function QueueCard({
  queue,
  event,
  history,
}: {
  queue: Queue;
  event: OverviewEvent;
  history: readonly Point[];
}) {
  const texts = useTexts();
  const { overview } = texts;
  const { outbox, mine, team, campaigns } = queue;
  return (
    <Card title={overview.queue}>
      <Big value={numberText(queue.open)} unit={overview.open} />
      <LineChart
        title={overview.queue}
        series={[{ name: 'open', label: overview.open }]}
        history={history}
        format={(value) => numberText(Math.round(value))}
        least={10}
      />
      <Facts
        facts={[
          [overview.mineToday, numberText(mine.today)],
          [overview.teamToday, overview.today(numberText(team.today), numberText(team.last_hour))],
          [
            overview.outbox,
            outbox.rows === 0
              ? overview.outboxEmpty
              : overview.outboxWaits(numberText(outbox.rows), amountText(texts, outbox.oldest_seconds)),
          ],
          campaigns !== null &&
            campaigns.length > 0 && [
              overview.campaigns,
              campaigns.map(({ id, open }, index) => (
                <>
                  {index > 0 && ', '}
                  <a key={id} href={`/review?view=table&campaign=${id}`}>
                    {numberText(open)}
                  </a>
                </>
              )),
            ],
        ]}
      />
      {event.outbox_published !== 'here' && <p class="hint">{overview.published[event.outbox_published]}</p>}
    </Card>
  );
}

function DeadLetterCard({
  pipeline: { since_start: all, dead_letters: reasons, spool, blocked },
}: {
  pipeline: Pipeline;
}) {
  const texts = useTexts();
  const { overview } = texts;
  const { percent } = useFormat();
  return (
    <Card title={overview.deadLetters}>
      <Big value={numberText(all.dead_letters)} unit={overview.deadSinceStart} />
      <Facts
        facts={[
          ...reasons.map(({ reason, count }) => [visibleLine(reason, 40), numberText(count)] as const),
          [
            overview.spool,
            spool === null
              ? overview.noSpool
              : overview.spoolFull(percent(spool.fullness), numberText(spool.rows)),
          ],
          [
            overview.blocked,
            blocked.length === 0
              ? overview.nothingBlocked
              : blocked.map(({ sink, seconds }) => `${sink}: ${amountText(texts, seconds)}`).join(', '),
          ],
        ]}
      />
    </Card>
  );
}

function ProcessCard({ event }: { event: OverviewEvent }) {
  const texts = useTexts();
  const { overview } = texts;
  const { pipeline, model, uptime_seconds: uptime, version, at } = event;
  const installed = pipeline?.model_installed_at ?? null;
  return (
    <Card title={overview.process}>
      <Facts
        facts={[
          [overview.kind, overview.kinds[event.process]],
          [overview.model, model === null ? overview.noModel : <bdi>{visibleLine(model, 60)}</bdi>],
          installed !== null && [
            overview.installed,
            texts.amounts.ago(amountText(texts, (at - installed) / 1000)),
          ],
          [overview.uptime, amountText(texts, uptime)],
          pipeline !== null && [overview.state, pipeline.state],
          pipeline !== null && [overview.mode, overview.modes[pipeline.mode]],
          [overview.version, version],
        ]}
      />
    </Card>
  );
}
