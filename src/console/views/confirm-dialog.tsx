import { useLayoutEffect, useRef } from 'preact/hooks';

/** Asks before something is done that cannot be taken back. The focus is on the way out, and goes back where it was. */
export function ConfirmDialog({
  title,
  text,
  yes,
  no,
  onYes,
  onClose,
}: {
  title: string;
  text: string;
  yes: string;
  no: string;
  onYes: () => void;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const out = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current!.showModal();
    out.current!.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="ask"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-text"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="form">
        <h2 id="confirm-title">{title}</h2>
        <p id="confirm-text">{text}</p>
        <p class="row-of-buttons">
          <button type="button" class="b-main" onClick={onYes}>
            {yes}
          </button>
          <button type="button" ref={out} onClick={onClose}>
            {no}
          </button>
        </p>
      </div>
    </dialog>
  );
}
