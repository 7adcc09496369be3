import { useEffect, useId, useRef, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useCurfew, useRemaining } from './hooks.ts';
import { ReauthenticateForm } from './ReauthenticateForm.tsx';
import { Spoken } from './Spoken.tsx';
import { StayButton, StayFailure } from './StayAnswer.tsx';
import { TimeClock } from './TimeClock.tsx';
import { opensAt, timeLeftInWords, whyInWords } from './warningWords.ts';

/** Opens a dialog above everything, its first action focused, and gives the focus back to where it was. */
function useModal(button: { readonly current: HTMLButtonElement | null }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    button.current?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [button]);
  return dialog;
}

/**
 * The last warning, before the work. A native dialog in the top layer is the only thing that wins over other people's
 * modals; the attribute tells React Aria to leave it alone. Escape means to stay, and a click outside means nothing.
 *
 * @see WCAG 2.2 SC 2.2.1, 2.4.3; ARIA alertdialog
 */
export function WarningDialog(): ReactNode {
  const { view, stay, answer, signOut } = useCurfew();
  const remaining = useRemaining() ?? 0;
  const button = useRef<HTMLButtonElement>(null);
  const dialog = useModal(button);
  const [title, text] = [useId(), useId()];
  if (!view) return null;
  const opening = opensAt(view, 'dialog');
  const left = timeLeftInWords(remaining, opening);
  const signOutButton = (
    <button type="button" className="curfew-button" onClick={() => signOut()}>
      Sign out
    </button>
  );
  return createPortal(
    <dialog
      ref={dialog}
      className="curfew-dialog"
      role="alertdialog"
      aria-labelledby={title}
      aria-describedby={text}
      closedby="none"
      data-react-aria-top-layer="true"
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        if (view.canExtend && answer !== 'extending') stay();
      }}
    >
      <TimeClock remaining={remaining} />
      <h2 id={title}>You&rsquo;re about to be signed out</h2>
      <p id={text}>
        {view.canExtend
          ? `For your security, we will sign you out in ${left}. Your work is saved.`
          : `We will sign you out in ${left} ${whyInWords(view)}. This can't be put off, but you can sign in again now and go on. Your work is saved.`}
      </p>
      <Spoken remaining={remaining} opening={opening} />
      {view.canExtend ? (
        <>
          <StayFailure />
          <div className="curfew-actions">
            <StayButton ref={button} />
            {signOutButton}
          </div>
        </>
      ) : (
        <ReauthenticateForm label="Sign in again" isBusy={answer === 'reauthenticating'} isFirst>
          {signOutButton}
        </ReauthenticateForm>
      )}
    </dialog>,
    document.body,
  );
}
