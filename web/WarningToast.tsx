import { useEffect, useRef, type ReactNode } from 'react';
import { useCurfew, useRemaining } from './hooks.ts';
import { Spoken } from './Spoken.tsx';
import { StayButton, StayFailure } from './StayAnswer.tsx';
import { opensAt, timeLeftInWords, whyInWords } from './warningWords.ts';

/** Moves the focus into an element when F6 is pressed, and back when it is pressed again. */
function useReachableByKey() {
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    let before: Element | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'F6' || !region.current) return;
      event.preventDefault();
      const isInside = region.current.contains(document.activeElement);
      const target = isInside ? before : region.current.querySelector('button');
      if (!isInside) before = document.activeElement;
      if (target instanceof HTMLElement) target.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return region;
}

/**
 * The first warning, beside the work: it takes no focus, can be reached with F6, and dismissing it is not an answer. What
 * is spoken of it goes on when it has been dismissed.
 *
 * @see WCAG 2.2 SC 2.2.1, 4.1.3
 */
export function WarningToast({ isDismissed, onDismiss }: { isDismissed: boolean; onDismiss: () => void }): ReactNode {
  const { view, signOut } = useCurfew();
  const remaining = useRemaining();
  const region = useReachableByKey();
  if (!view || remaining === null) return null;
  const opening = opensAt(view, 'toast');
  const sentence = `You'll be signed out in ${timeLeftInWords(remaining, opening)} ${whyInWords(view)}.`;
  return (
    <>
      <Spoken remaining={remaining} opening={opening} first={sentence} />
      {!isDismissed && (
        <section ref={region} className="curfew-toast" aria-label="Signing out soon (F6)">
          <p className="curfew-toast-text">{sentence}</p>
          <StayFailure />
          <div className="curfew-actions">
            {view.canExtend && <StayButton />}
            <button type="button" className="curfew-button" onClick={() => signOut()}>
              Sign out
            </button>
            <button type="button" className="curfew-button curfew-button-quiet" onClick={onDismiss}>
              Dismiss
            </button>
          </div>
        </section>
      )}
    </>
  );
}
