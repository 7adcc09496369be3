import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { holdViewState } from '../client/device/holdViewState.ts';
import { useCurfew, useRemaining } from './hooks.ts';
import { useMessages } from './provider.tsx';
import { ReauthenticateForm } from './ReauthenticateForm.tsx';
import { SignOutButton } from './SignOutButton.tsx';
import { Spoken } from './Spoken.tsx';
import { StayButton, StayFailure } from './StayAnswer.tsx';
import { TimeClock } from './TimeClock.tsx';
import { useOpening } from './useOpening.ts';
import { lastInWords, timeLeftInWords } from '../messages/warningWords.ts';

/** Opens a dialog above everything, its first action focused; gives focus, selection and scroll back afterwards. */
function useModal(first: { readonly current: HTMLElement | null }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    const giveBack = holdViewState();
    element?.showModal();
    first.current?.focus();
    return () => {
      element?.close();
      giveBack();
    };
  }, [first]);
  return dialog;
}

/** Escape means to stay, wherever the focus is: a click on the dialog's own text takes it out of every control. */
function useEscape(then: () => void): void {
  const latest = useRef(then);
  useEffect(() => {
    latest.current = then;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}

/**
 * The last warning, before the work. A native dialog in the top layer is the only thing that wins over other people's
 * modals; the attribute tells React Aria to leave it alone. Escape means to stay, and a click outside means nothing.
 *
 * @see WCAG 2.2 SC 2.2.1, 2.4.3; ARIA alertdialog
 */
export function WarningDialog({ children }: { readonly children?: ReactNode }): ReactNode {
  const { view, extend, answer } = useCurfew();
  const messages = useMessages();
  const remaining = useRemaining() ?? 0;
  const opening = useOpening(true, view, 'dialog', remaining);
  const button = useRef<HTMLButtonElement>(null);
  const dialog = useModal(button);
  const [title, text] = [useId(), useId()];
  const canExtend = view?.canExtend === true;
  useEscape(() => {
    if (canExtend && answer !== 'extending') extend();
  });
  const left = timeLeftInWords(remaining, opening, messages);
  const isOwn = children !== undefined;
  return createPortal(
    <dialog
      ref={dialog}
      className={isOwn ? 'curfew-dialog-own' : 'curfew-dialog'}
      role="alertdialog"
      lang={messages.language}
      aria-labelledby={title}
      aria-describedby={text}
      closedby="none"
      data-react-aria-top-layer="true"
      onCancel={(event) => event.preventDefault()}
    >
      {!isOwn && <TimeClock remaining={remaining} opening={opening} />}
      <div className={isOwn ? 'curfew-spoken' : 'curfew-dialog-words'}>
        <h2 id={title}>{messages.warning.title}</h2>
        <p id={text}>{lastInWords(view, left, messages)}</p>
      </div>
      <Spoken remaining={remaining} opening={opening} />
      {children ??
        (canExtend ? (
          <>
            <StayFailure />
            <div className="curfew-actions">
              <StayButton ref={button} />
              <SignOutButton />
            </div>
          </>
        ) : (
          <ReauthenticateForm
            label={messages.signInAgain}
            isBusy={answer === 'reauthenticating'}
            isFirst
            describedBy={text}
          >
            <SignOutButton />
          </ReauthenticateForm>
        ))}
    </dialog>,
    document.body,
  );
}
