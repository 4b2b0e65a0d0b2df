import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { visibleLine } from '../../display/characters.ts';
import { confirmationOf, type ErasureForm, emptyForm, subjectKindNames } from '../logic/erasure.ts';
import { address } from '../state/address.ts';
import type { Api } from '../state/api.ts';
import { ErasureJobState, type ErasureView } from '../state/erasure-job.ts';
import { agoText, useTexts } from '../texts/texts.ts';
import { ErasureReportView } from './erasure-report.tsx';
import { Notice } from './small-parts.tsx';
import { useNow, useValue } from './use-value.ts';

/** Erases a person's text: count, confirm by writing whose, watch, read the proof. */
export function ErasurePage({ api }: { api: Api }) {
  const { erasure } = useTexts();
  const [state] = useState(() => new ErasureJobState(api));
  const view = useValue(state.view);
  const [form, setForm] = useState(emptyForm);
  useEffect(() => {
    void state.open(new URLSearchParams(address.value.search).get('job'));
    return () => state.stop();
  }, [state]);
  const isBusy = view.isAsking || view.job?.state === 'running';
  return (
    <main id="main" class="single" tabIndex={-1}>
      <form
        class="card form"
        onSubmit={(event) => {
          event.preventDefault();
          void state.begin(form, true);
        }}
      >
        <h1>{erasure.title}</h1>
        <p class="hint">{erasure.hint}</p>
        <SubjectFields form={form} onChange={setForm} />
        <p class="row-of-buttons">
          <button type="submit" class="b-main" disabled={isBusy}>
            {erasure.preview}
          </button>
        </p>
      </form>
      <div class="card" aria-live="polite">
        <Outcome view={view} onErase={(of) => void state.begin(of, false)} />
      </div>
    </main>
  );
}

function SubjectFields({ form, onChange }: { form: ErasureForm; onChange: (form: ErasureForm) => void }) {
  const { erasure } = useTexts();
  const hint = useId();
  const field = (name: 'id' | 'community') => ({
    name,
    value: form[name],
    maxLength: 1000,
    dir: 'auto' as const,
    autocomplete: 'off',
    onInput: (event: Event) => onChange({ ...form, [name]: (event.target as HTMLInputElement).value }),
  });
  return (
    <>
      <fieldset class="options">
        <legend>{erasure.what}</legend>
        {subjectKindNames.map((kind) => (
          <label key={kind} class="check">
            <input
              type="radio"
              name="kind"
              checked={form.kind === kind}
              onChange={() => onChange({ ...form, kind })}
            />
            {erasure.kinds[kind]}
          </label>
        ))}
      </fieldset>
      <label>
        {form.kind === 'sender' ? erasure.sender : erasure.message}
        <input {...field('id')} required />
      </label>
      <label>
        {erasure.community}
        <input {...field('community')} aria-describedby={hint} />
      </label>
      <p class="hint" id={hint}>
        {erasure.communityHint[form.kind]}
      </p>
    </>
  );
}

function Outcome({ view, onErase }: { view: ErasureView; onErase: (form: ErasureForm) => void }) {
  const { erasure, logIn } = useTexts();
  const { job, form, problem, isAsking } = view;
  if (isAsking) return <Waiting text={logIn.working} />;
  if (job === undefined)
    return problem === undefined ? (
      <div class="notice">
        <p>{erasure.none}</p>
      </div>
    ) : (
      <Notice title={erasure.notBegun} kind="problem">
        <p dir="auto">{problem.status === 0 ? logIn.unreachable : visibleLine(problem.detail, 300)}</p>
      </Notice>
    );
  if (job.state === 'running')
    return (
      <Running who={job.who} startedAt={job.started_at} isPreview={job.dry_run}>
        {problem !== undefined && (
          <p class="problem">{problem.kind === 'erasure-running' ? erasure.busy : erasure.lost}</p>
        )}
      </Running>
    );
  if (job.state === 'failed' || job.report === null)
    return (
      <Notice title={erasure.failed} kind="problem">
        <p dir="auto">{visibleLine(job.problem ?? '', 400)}</p>
        <p>{erasure.failedHint}</p>
      </Notice>
    );
  return (
    <div class="erased">
      <ErasureReportView job={job} report={job.report} />
      {job.dry_run &&
        (form === undefined ? (
          <p class="hint">{erasure.again}</p>
        ) : (
          <Confirmation key={job.id} form={form} onErase={onErase} />
        ))}
    </div>
  );
}

function Waiting({ text }: { text: string }) {
  return (
    <div class="notice">
      <p>{text}</p>
      <progress aria-label={text} />
    </div>
  );
}

function Running({
  who,
  startedAt,
  isPreview,
  children,
}: {
  who: string;
  startedAt: number;
  isPreview: boolean;
  children: ComponentChildren;
}) {
  const texts = useTexts();
  const { erasure } = texts;
  const now = useNow(5);
  const text = isPreview ? erasure.counting : erasure.erasing;
  return (
    <div class="notice">
      <h2>{text}</h2>
      <progress aria-label={text} />
      {/* It changes by itself, and would be read out each time. */}
      <p aria-live="off">{erasure.startedBy(visibleLine(who, 60), agoText(texts, now - startedAt))}</p>
      <p class="hint">{erasure.runningHint}</p>
      {children}
    </div>
  );
}

function Confirmation({ form, onErase }: { form: ErasureForm; onErase: (form: ErasureForm) => void }) {
  const { erasure } = useTexts();
  const [typed, setTyped] = useState('');
  const expected = confirmationOf(form);
  return (
    <form
      class="confirm"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === expected) onErase(form);
      }}
    >
      <h2>{erasure.confirmTitle}</h2>
      <label>
        <span>
          {erasure.confirm} <bdi class="typed">{visibleLine(expected, 200)}</bdi>
        </span>
        <input
          value={typed}
          dir="auto"
          autocomplete="off"
          onInput={(event) => setTyped((event.target as HTMLInputElement).value)}
        />
      </label>
      <button type="submit" class="b-danger" disabled={typed !== expected}>
        {erasure.erase}
      </button>
    </form>
  );
}
