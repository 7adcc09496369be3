import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { deviceClock } from '../client/device/clock.ts';
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
import { written } from '../messages/language.ts';

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

/** How long no key was pressed when the dialog takes one, in ms. */
const pause = 500;
/** Whoever has pressed a key so shortly before the dialog opens may be in the middle of a sentence, in ms. */
const recently = 2_000;

/**
 * Takes no key that was on its way to the page: where keys were pressed as the dialog opens, none until they pause. Tab
 * and other people's shortcuts do nothing here, and go on.
 */
function useStrayKeys(dialog: { readonly current: HTMLElement | null }, lastKey: { readonly current: number }): void {
  useLayoutEffect(() => {
    const stop = new AbortController();
    const options = { capture: true, signal: stop.signal };
    const ready = () => {
      stop.abort();
      dialog.current?.setAttribute('data-curfew-ready', '');
    };
    if (deviceClock.steady() - lastKey.current > recently) {
      ready();
      return undefined;
    }
    let timer = setTimeout(ready, pause);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Tab' || !event.isTrusted) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      clearTimeout(timer);
      timer = setTimeout(ready, pause);
    };
    document.addEventListener('keydown', onKey, options);
    // Where a key is let go, Firefox presses a button that has got the focus meanwhile.
    document.addEventListener('keyup', onKey, options);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [dialog, lastKey]);
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

interface WarningDialogProps {
  /** When a key was pressed last, in ms of the steady clock of the device. */
  readonly lastKey: { readonly current: number };
  readonly children?: ReactNode;
}

/**
 * The last warning, before the work. A native dialog in the top layer is the only thing that wins over other people's
 * modals; the attribute tells React Aria to leave it alone. Escape means to stay, and a click outside means nothing.
 *
 * @see WCAG 2.2 SC 2.2.1, 2.4.3; ARIA alertdialog
 */
export function WarningDialog({ children, lastKey }: WarningDialogProps): ReactNode {
  const { view, extend, answer } = useCurfew();
  const messages = useMessages();
  const remaining = useRemaining() ?? 0;
  const opening = useOpening(true, view, 'dialog', remaining);
  const button = useRef<HTMLButtonElement>(null);
  const dialog = useModal(button);
  const [title, text] = [useId(), useId()];
  const canExtend = view?.canExtend === true;
  useStrayKeys(dialog, lastKey);
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
      {...written(messages.language)}
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
