import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useCurfew, useRemaining } from './hooks.ts';
import { PasswordForm } from './PasswordForm.tsx';
import { Spoken } from './Spoken.tsx';
import { durationInWords } from './words.ts';

const clockText = (left: number): string => `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;

/** Opens a dialog above everything, and gives the focus back to where it was. */
function useModal() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return dialog;
}

function Extend({ left }: { readonly left: number }): ReactNode {
  const { answer, stay, signOut, view } = useCurfew();
  const isExtending = answer === 'extending';
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const rest = durationInWords(Math.max(1, left) * 1000);
  const label = answer === 'failed' ? 'Try again' : 'Stay signed in';
  if (!view) return null;
  return (
    <>
      <p className="curfew-alert" role="alert">
        {answer === 'failed' && `We couldn’t reach the server. Your session still ends in ${rest}. Trying again…`}
      </p>
      <div className="curfew-actions">
        <button
          ref={button}
          type="button"
          className="curfew-button curfew-button-primary"
          aria-disabled={isExtending}
          onClick={() => !isExtending && stay()}
        >
          {isExtending ? 'Extending…' : label}
        </button>
        <button type="button" className="curfew-button" onClick={() => signOut()}>
          Sign out
        </button>
      </div>
    </>
  );
}

function SignInAgain(): ReactNode {
  const { answer, signOut } = useCurfew();
  return (
    <PasswordForm action="Sign in again" pending="Signing in…" isPending={answer === 'reauthenticating'} autoFocus>
      <button type="button" className="curfew-button" onClick={() => signOut()}>
        Sign out
      </button>
    </PasswordForm>
  );
}

/**
 * The last warning, before the work. A native dialog in the top layer is the only thing that wins over other people's
 * modals; the attribute tells React Aria to leave it alone. Escape means to stay.
 *
 * @see WCAG 2.2.1, 2.4.3, ARIA alertdialog
 */
export function WarningDialog(): ReactNode {
  const { view, stay } = useCurfew();
  const left = useRemaining() ?? 0;
  const [atOpening] = useState(left);
  const dialog = useModal();
  const [title, text] = [useId(), useId()];
  const canExtend = view?.canExtend ?? false;
  return createPortal(
    <dialog
      ref={dialog}
      className="curfew-dialog"
      role="alertdialog"
      aria-labelledby={title}
      aria-describedby={text}
      closedby="none"
      data-react-aria-top-layer="true"
      data-curfew-ui=""
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        if (canExtend) stay();
      }}
    >
      <p className="curfew-clock" role="timer" aria-live="off" aria-label="Time left">
        {clockText(left)}
      </p>
      <h2 id={title}>You&rsquo;re about to be signed out</h2>
      <p id={text}>
        {canExtend
          ? `For your security, we will sign you out in ${durationInWords(atOpening * 1000)}. Your work is saved.`
          : 'You signed in a long time ago, so this cannot be put off. Sign in again now to go on without a break. Your work is saved.'}
      </p>
      <Spoken />
      {canExtend ? <Extend left={left} /> : <SignInAgain />}
    </dialog>,
    document.body,
  );
}
