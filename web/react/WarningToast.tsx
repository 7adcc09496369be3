import { useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { durationInWords, seconds } from '../../machines/index.ts';
import { deepActiveElement } from '../client/device/deepActiveElement.ts';
import { ofWarning } from '../client/device/input.ts';
import { holdViewState } from '../client/device/holdViewState.ts';
import { followFocus, standBesideFocus } from '../client/device/standBesideFocus.ts';
import { AboveFullscreen } from './AboveFullscreen.tsx';
import { useCurfew, useRemaining } from './hooks.ts';
import { useMessages } from './provider.tsx';
import { ReauthenticateForm } from './ReauthenticateForm.tsx';
import { SignOutButton } from './SignOutButton.tsx';
import { Spoken } from './Spoken.tsx';
import { StayButton, StayFailure } from './StayAnswer.tsx';
import { TimeClock } from './TimeClock.tsx';
import { useOpening } from './useOpening.ts';
import { firstInWords, timeLeftInWords } from '../messages/warningWords.ts';

/** Moves the focus into an element with F6, and back with F6 or when the element goes while the focus is in it. */
function useReachableByKey() {
  const region = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = region.current;
    if (!element) return undefined;
    let giveBack = () => {};
    const isInside = (node: EventTarget | null) => node instanceof Node && element.contains(node);
    const onEnter = ({ relatedTarget }: FocusEvent) => {
      // Nothing is told when the focus was on what has just gone, here too: the place from before is still the one.
      if (relatedTarget instanceof Element && !isInside(relatedTarget)) giveBack = holdViewState(relatedTarget);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'F6' || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (isInside(deepActiveElement())) giveBack();
      else element.querySelector<HTMLElement>('button, a[href], input, select, textarea, [tabindex]')?.focus();
    };
    element.addEventListener('focusin', onEnter);
    document.addEventListener('keydown', onKey);
    return () => {
      element.removeEventListener('focusin', onEnter);
      document.removeEventListener('keydown', onKey);
      if (isInside(deepActiveElement())) giveBack();
    };
  }, []);
  return region;
}

/** Keeps what an element is in off what has the focus; whenever something else is shown, either may have moved. */
function useBesideFocus(region: RefObject<HTMLElement | null>) {
  useLayoutEffect(() => followFocus(region.current?.parentElement), [region]);
  useLayoutEffect(() => standBesideFocus(region.current?.parentElement));
}

/** What can be done while the end cannot be put off: signing in again before it comes. */
function SignInAgain(): ReactNode {
  const { answer } = useCurfew();
  const { signInAgain } = useMessages();
  const [isAsked, setAsked] = useState(false);
  return isAsked ? (
    <ReauthenticateForm label={signInAgain} isBusy={answer === 'reauthenticating'} isFirst>
      <SignOutButton />
    </ReauthenticateForm>
  ) : (
    <div className="curfew-actions">
      <button type="button" className="curfew-button curfew-button-primary" onClick={() => setAsked(true)}>
        {signInAgain}
      </button>
      <SignOutButton />
    </div>
  );
}

function Toast({ sentence, onDismiss }: { readonly sentence: string; readonly onDismiss: () => void }): ReactNode {
  const { view } = useCurfew();
  const { warning } = useMessages();
  const remaining = useRemaining() ?? 0;
  const region = useReachableByKey();
  useBesideFocus(region);
  return (
    <section ref={region} className="curfew-toast" aria-label={warning.name}>
      <TimeClock remaining={remaining} />
      <p className="curfew-toast-text">{sentence}</p>
      {view?.canExtend ? (
        <>
          <StayFailure />
          <div className="curfew-actions">
            <StayButton />
            <SignOutButton />
          </div>
        </>
      ) : (
        <SignInAgain />
      )}
      <p className="curfew-key">{warning.key}</p>
      <button type="button" className="curfew-dismiss" aria-label={warning.dismiss} onClick={onDismiss}>
        ×
      </button>
    </section>
  );
}

/** A first warning that looks as the application wants; it is reached as the library's own. */
function OwnToast({ children }: { readonly children: ReactNode }): ReactNode {
  const { warning } = useMessages();
  const region = useReachableByKey();
  return (
    <section ref={region} aria-label={warning.name} {...{ [ofWarning]: true }}>
      {children}
    </section>
  );
}

/**
 * The first warning, beside the work: it takes no focus, can be reached with F6, and dismissing it is not an answer. What
 * is spoken of it goes on when it has been dismissed, and its nodes are there before there is anything to say.
 *
 * @see WCAG 2.2 SC 2.2.1, 4.1.3
 */
export function WarningToast({ children }: { readonly children?: ReactNode }): ReactNode {
  const { phase, stage, view } = useCurfew();
  const messages = useMessages();
  const remaining = useRemaining() ?? 0;
  const isOpen = phase === 'warning' && stage === 'toast';
  const opening = useOpening(isOpen, view, 'toast', remaining);
  const [isDismissed, setDismissed] = useState(false);
  if (!isOpen && isDismissed) setDismissed(false);
  const sentence = (left: string) => (view ? firstInWords(view, left, messages) : '');
  return (
    <>
      <AboveFullscreen className="curfew-toasts">
        <Spoken
          remaining={isOpen ? remaining : null}
          opening={opening}
          first={sentence(durationInWords(seconds(opening), messages.language))}
        />
        {children === undefined && isOpen && !isDismissed && (
          <Toast
            sentence={sentence(timeLeftInWords(remaining, opening, messages))}
            onDismiss={() => setDismissed(true)}
          />
        )}
      </AboveFullscreen>
      {children !== undefined && isOpen && (
        <AboveFullscreen className="curfew-toast-own">
          <OwnToast>{children}</OwnToast>
        </AboveFullscreen>
      )}
    </>
  );
}
