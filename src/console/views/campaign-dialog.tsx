import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RowLabel } from '../../core/decision.ts';
import { noEvidence } from '../../display/segments.ts';
import { countToDecide, previewed, type SampledMessageAnswer } from '../logic/campaign.ts';
import { failureOf } from '../logic/decision-queue.ts';
import { actionOf } from '../logic/keys.ts';
import type { ApiProblem } from '../state/api.ts';
import type { CampaignPreview, Campaigns } from '../state/campaigns.ts';
import { preferences } from '../state/preferences.ts';
import type { Texts } from '../texts/en.ts';
import { numberText, probabilityText, useTexts } from '../texts/texts.ts';
import { ActionButton } from './action-bar.tsx';
import { CampaignFacts, CampaignSize } from './campaign-card.tsx';
import { MessageText } from './message-text.tsx';
import { Name } from './small-parts.tsx';
import { useValue } from './use-value.ts';

/** The messages to look at before a whole campaign is decided. */
export function CampaignDialog({ campaigns }: { campaigns: Campaigns }) {
  const preview = useValue(campaigns.preview);
  return preview === undefined ? null : <Dialog campaigns={campaigns} preview={preview} />;
}

function Dialog({ campaigns, preview }: { campaigns: Campaigns; preview: CampaignPreview }) {
  const { campaign: texts } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  // Not an effect after painting: the focus goes back in the same step in which the dialog goes.
  useLayoutEffect(() => modal(dialog.current!, title.current!), []);
  const { campaign, excluded, phase, problem } = preview;
  const isSending = phase === 'sending';
  return (
    <dialog
      ref={dialog}
      class="preview"
      aria-labelledby="preview-title"
      aria-busy={phase !== 'choosing'}
      onCancel={(event) => {
        event.preventDefault();
        campaigns.close();
      }}
      onClose={() => {
        campaigns.close();
        // A second Escape closes a dialog in any case; what is being sent is waited for.
        if (campaigns.preview.value !== undefined) dialog.current?.showModal();
      }}
      onKeyDown={(event) => pressed(event, campaigns)}
    >
      <h2 id="preview-title" ref={title} tabIndex={-1}>
        {texts.preview}
      </h2>
      {campaign !== undefined && (
        <>
          <div class="preview-facts">
            <CampaignSize campaign={campaign} />
            <CampaignFacts campaign={campaign} />
          </div>
          <p class="hint">{texts.hint}</p>
          <ul class="previewed">
            {previewed(campaign, excluded).map((sampled) => (
              <Sampled
                key={sampled.item.id}
                sampled={sampled}
                isExcluded={excluded.has(sampled.item.id)}
                onToggle={() => campaigns.toggle(sampled)}
              />
            ))}
          </ul>
        </>
      )}
      <Answer campaigns={campaigns} preview={preview} />
      <div role="alert">{problem !== undefined && <Problem campaigns={campaigns} problem={problem} />}</div>
      <div class="act act-3">
        {(['spam', 'ham'] as const).map((label) => (
          <ActionButton
            key={label}
            action={label}
            disabled={campaign === undefined || countToDecide(campaign, excluded) === 0}
            onClick={() => void campaigns.decide(label)}
          />
        ))}
        <button type="button" aria-disabled={isSending} onClick={() => campaigns.close()}>
          {texts.cancel}
        </button>
      </div>
    </dialog>
  );
}

/** Shows it with the focus in it; the result ends it and gives the focus back, to the page where what had it is gone. */
function modal(dialog: HTMLDialogElement, title: HTMLElement): () => void {
  const before = document.activeElement;
  dialog.showModal();
  title.focus();
  return () => {
    dialog.close();
    const back = before instanceof HTMLElement && before.isConnected && before !== document.body;
    (back ? before : document.getElementById('main'))?.focus();
  };
}

/** The keys of the two answers; all others are the dialog's own. */
function pressed(event: KeyboardEvent, campaigns: Campaigns): void {
  const { key, ctrlKey, altKey, metaKey, repeat } = event;
  const { keys, keysOn } = preferences.value;
  const action = actionOf({ key, ctrlKey, altKey, metaKey, repeat, isInField: false }, keys, keysOn);
  if (action !== 'spam' && action !== 'ham') return;
  event.preventDefault();
  void campaigns.decide(action satisfies RowLabel);
}

function Sampled({
  sampled: { item, because, foreign_words },
  isExcluded,
  onToggle,
}: {
  sampled: SampledMessageAnswer;
  isExcluded: boolean;
  onToggle: () => void;
}) {
  const { campaign: texts, message } = useTexts();
  const id = `preview-${item.id}`;
  return (
    <li class={isExcluded ? 'excluded' : ''}>
      <div class="previewed-head">
        <div>
          <b>{because === 'foreign_words' ? texts.foreignWords(foreign_words) : texts.because[because]}</b>
          <span>
            {message.from} {item.sender === null ? message.nobody : <Name most={32}>{item.sender}</Name>}
          </span>
          {item.probability !== null && <span>{texts.score(probabilityText(item.probability))}</span>}
        </div>
        <label class="check">
          <input type="checkbox" checked={isExcluded} aria-describedby={id} onChange={onToggle} />
          {texts.exclude}
        </label>
      </div>
      <div id={id}>
        <MessageText
          message={item.message}
          evidence={noEvidence}
          most={SHOWN_CHARACTERS}
          lines={SHOWN_LINES}
        />
      </div>
    </li>
  );
}

const SHOWN_CHARACTERS = 400;
const SHOWN_LINES = 6;

/** What a decision would do, or what is going on. */
function Answer({
  preview: { phase, campaign, excluded },
}: {
  campaigns: Campaigns;
  preview: CampaignPreview;
}) {
  const { campaign: texts } = useTexts();
  return (
    <p class="preview-count" role="status">
      {phase === 'loading' && texts.loading}
      {phase === 'sending' && texts.sending}
      {phase === 'choosing' && campaign !== undefined && (
        <>
          <b>
            {texts.willBeDecided(
              countToDecide(campaign, excluded),
              numberText(countToDecide(campaign, excluded)),
            )}
          </b>
          {excluded.size > 0 && ` · ${texts.excluded(excluded.size)}`}
        </>
      )}
    </p>
  );
}

function Problem({ campaigns, problem }: { campaigns: Campaigns; problem: ApiProblem }) {
  const { campaign: texts } = useTexts();
  const isRefused = failureOf(problem.status, problem.kind) === 'refused';
  const hasCampaign = campaigns.preview.value?.campaign !== undefined;
  return (
    <div class="banner banner-problem">
      <span>{hasCampaign ? problemText(texts, problem) : texts.notLoaded}</span>
      {(isRefused || !hasCampaign) && (
        <button type="button" onClick={() => void campaigns.reload()}>
          {texts.reload}
        </button>
      )}
    </div>
  );
}

function problemText({ problems }: Texts['campaign'], { status, kind, detail }: ApiProblem): string {
  const known = (problems as Readonly<Record<string, string>>)[kind];
  if (known !== undefined) return known;
  return failureOf(status, kind) === 'again' ? problems.unreachable : `${problems.other} ${detail}`;
}
