import { useEffect } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import { withoutLinks } from '../../display/links.ts';
import type { SampledCampaignAnswer } from '../../http/campaign-schemas.ts';
import type { QueueItemAnswer } from '../../http/console-schemas.ts';
import { glance } from '../logic/campaign.ts';
import type { Campaigns } from '../state/campaigns.ts';
import type { ReviewPage } from '../state/review-page.ts';
import { numberText, probabilityText, useTexts } from '../texts/texts.ts';
import { ActionButton } from './action-bar.tsx';
import { Name } from './small-parts.tsx';
import { useValue } from './use-value.ts';

const PREFETCH = 3;
const GLANCE_CHARACTERS = 110;

/** What the shown message has in common with others that wait. */
export function CampaignCard({ campaigns, page }: { campaigns: Campaigns; page: ReviewPage }) {
  const { campaign: texts } = useTexts();
  const { items, at } = useValue(page.desk);
  useValue(campaigns.known);
  const changes = useValue(page.changes);
  const item = items[at];
  useEffect(() => {
    for (const { campaign } of items.slice(at, at + PREFETCH))
      if (campaign !== null) campaigns.load(campaign);
  }, [item, changes]);
  const campaign = item === undefined ? undefined : campaigns.of(item);
  if (item === undefined || campaign === undefined) return null;
  return (
    <section class="card campaign" aria-labelledby="campaign-title">
      <h2 id="campaign-title">{texts.title}</h2>
      <div class="body">
        <div class="campaign-head">
          <CampaignSize campaign={campaign} />
          {page.mayDecide && (
            <ActionButton action="campaign" label={texts.decideAll} onClick={() => campaigns.open(item)} />
          )}
        </div>
        <CampaignFacts campaign={campaign} />
        <Glance campaign={campaign} item={item} />
      </div>
    </section>
  );
}

export function CampaignSize({
  campaign: { open, senders, without_sender },
}: {
  campaign: SampledCampaignAnswer;
}) {
  const { campaign: texts } = useTexts();
  return (
    <p class="campaign-size">
      <span>
        <b class="campaign-count">{numberText(open)}</b> {texts.messages(open)},
      </span>{' '}
      <span>
        {numberText(senders)} {texts.senders(senders)}
      </span>
      {without_sender > 0 && <span>, {texts.withoutSender(numberText(without_sender))}</span>}
    </p>
  );
}

/** Range of scores, and what was decided before. */
export function CampaignFacts({ campaign }: { campaign: SampledCampaignAnswer }) {
  const texts = useTexts();
  const { probability_min: low, probability_max: high, label, decided_by } = campaign;
  return (
    <p class="hint campaign-facts">
      {low !== null && high !== null && (
        <span>{texts.campaign.scores(probabilityText(low), probabilityText(high))}</span>
      )}
      {label !== null && (
        <span class={`tag tag-${label}`}>
          {texts.campaign.decided[label]} {decided_by !== null && <Name most={24}>{decided_by}</Name>}
        </span>
      )}
    </p>
  );
}

function Glance({ campaign, item }: { campaign: SampledCampaignAnswer; item: QueueItemAnswer }) {
  return (
    <ul class="glance">
      {glance(campaign, item.message).map(({ item: { id, message } }) => (
        <li key={id} dir="auto">
          {withoutLinks(visibleLine(message, GLANCE_CHARACTERS))}
        </li>
      ))}
    </ul>
  );
}
