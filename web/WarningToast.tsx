import { useEffect, useRef, type ReactNode } from 'react';
import { useCurfew, useRemaining } from './hooks.ts';
import { durationInWords } from './words.ts';

/** Why the end comes, for somebody who can still do something about it. */
export const warningInWords = (isExtendable: boolean, left: string): string =>
  isExtendable
    ? `You'll be signed out in ${left} because you haven't been active.`
    : `You'll be signed out in ${left} because you signed in a long time ago.`;

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
 * The first warning, beside the work: it takes no focus, can be reached with F6, and dismissing it is not an answer.
 *
 * @see WCAG 2.2.1, 4.1.3
 */
export function WarningToast({ onDismiss }: { readonly onDismiss: () => void }): ReactNode {
  const { view, answer, stay, signOut } = useCurfew();
  const left = useRemaining();
  const region = useReachableByKey();
  const isExtending = answer === 'extending';
  const canExtend = view?.canExtend ?? false;
  return (
    <section ref={region} className="curfew-toast" aria-label="Your time here" data-curfew-ui="">
      <p className="curfew-toast-text">{warningInWords(canExtend, durationInWords((left ?? 0) * 1000))}</p>
      {answer === 'failed' && <p className="curfew-alert">We couldn&rsquo;t reach the server. Trying again…</p>}
      <div className="curfew-actions">
        {canExtend && (
          <button
            type="button"
            className="curfew-button curfew-button-primary"
            aria-disabled={isExtending}
            onClick={() => !isExtending && stay()}
          >
            {isExtending ? 'Extending…' : 'Stay signed in'}
          </button>
        )}
        <button type="button" className="curfew-button" onClick={() => signOut()}>
          Sign out
        </button>
        <button type="button" className="curfew-button curfew-button-quiet" onClick={onDismiss}>
          Dismiss
        </button>
      </div>
    </section>
  );
}
