import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ModelChangeAnswer } from '../../http/model-schemas.ts';
import { type Api, type ApiProblem, problemOf } from '../state/api.ts';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/texts.ts';

/** What somebody is about to do. */
export interface ModelIntent {
  readonly kind: 'activate' | 'rollback' | 'confirm';
  readonly version: string;
  /** What the list that they looked at has as activated. */
  readonly activated: string | null;
}

interface DialogProps {
  readonly api: Api;
  readonly intent: ModelIntent;
  /** Without an answer where the active model stayed the same. */
  readonly onDone: (answer: ModelChangeAnswer | undefined) => void;
  readonly onClose: () => void;
}

/** Sends the change once it has a reason. */
function useChange({ api, intent: { kind, version, activated }, onDone }: DialogProps) {
  const reason = useRef<HTMLTextAreaElement>(null);
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | 'no-reason' | undefined>(undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isSending) return;
    const why = reason.current!.value.trim();
    if (why === '') {
      setProblem('no-reason');
      reason.current!.focus();
      return;
    }
    setSending(true);
    setProblem(undefined);
    const path = kind === 'rollback' ? '/api/v1/models/rollback' : `/api/v1/models/${version}/${kind}`;
    try {
      if (kind === 'confirm') {
        await api.call(path, { method: 'POST', body: { reason: why } });
        onDone(undefined);
      } else
        onDone(await api.call<ModelChangeAnswer>(path, { method: 'POST', body: { reason: why, activated } }));
    } catch (error) {
      setProblem(problemOf(error));
      setSending(false);
    }
  };
  return { reason, isSending, problem, submit };
}

/** Asks why, and does it. What the server refuses is said here, and the reason stays written. */
export function ModelDialog(props: DialogProps) {
  const { models: texts } = useTexts();
  const { intent, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const { reason, isSending, problem, submit } = useChange(props);
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current!.showModal();
    reason.current!.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      else document.getElementById('main')?.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="ask"
      aria-labelledby="ask-title"
      aria-busy={isSending}
      onCancel={(event) => {
        event.preventDefault();
        if (!isSending) onClose();
      }}
    >
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        <h2 id="ask-title">{texts.dialog[intent.kind]}</h2>
        <p>
          <code class="version">{intent.version}</code>
        </p>
        <p class="hint">{intent.kind === 'confirm' ? texts.guard.confirmHint : texts.dialog.hint}</p>
        <label>
          {texts.dialog.reason}
          <textarea
            ref={reason}
            rows={3}
            maxLength={500}
            dir="auto"
            required
            aria-invalid={problem === 'no-reason'}
            aria-describedby="ask-problem"
          />
        </label>
        <div id="ask-problem" role="alert" class="problem">
          {problem !== undefined && problemText(texts, problem)}
        </div>
        <p class="row-of-buttons">
          <button type="submit" class="b-main" aria-disabled={isSending}>
            {isSending ? texts.dialog.sending : texts.dialog.submit[intent.kind]}
          </button>
          <button type="button" aria-disabled={isSending} onClick={() => !isSending && onClose()}>
            {texts.dialog.cancel}
          </button>
        </p>
      </form>
    </dialog>
  );
}

function problemText({ problems }: Texts['models'], problem: ApiProblem | 'no-reason'): string {
  if (problem === 'no-reason') return problems.noReason;
  const { status, kind, detail } = problem;
  if (status === 0) return problems.unreachable;
  if (status >= 500) return `${problems.notConfirmed} ${detail}`;
  const known = (problems.kinds as Readonly<Record<string, string>>)[kind];
  return known === undefined ? `${problems.other} ${detail}` : `${known} ${detail}`;
}
