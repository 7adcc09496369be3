import { useState, type ReactNode, type Ref } from 'react';
import { useCurfew } from './hooks.ts';
import { useMessages } from './provider.tsx';
import { leftAt, openingOf, timeLeftInWords } from '../messages/warningWords.ts';

/** What went wrong with the last try to stay, told once and not again with every further try. */
function useFailure(): string | null {
  const { answer, problem, view, stage, phase } = useCurfew();
  const messages = useMessages();
  const [told, setTold] = useState<string | null>(null);
  const isOver = phase !== 'warning' || answer === 'counting';
  if (isOver) {
    if (told !== null) setTold(null);
    return null;
  }
  if (answer !== 'failed' || !problem || !view) return told;
  const seconds = leftAt(view, problem.at);
  const left = timeLeftInWords(seconds, openingOf(view, stage, Infinity), messages);
  const failure = problem.code === 'network' ? messages.warning.unreachable(left) : messages.warning.unavailable(left);
  if (failure !== told) setTold(failure);
  return failure;
}

/** The one button that answers the warning, and what became of the answer; the countdown goes on meanwhile. */
export function StayButton({ ref }: { readonly ref?: Ref<HTMLButtonElement> }): ReactNode {
  const { answer, extend, retry } = useCurfew();
  const { warning, tryAgain } = useMessages();
  const isExtending = answer === 'extending';
  return (
    <button
      ref={ref}
      type="button"
      className="curfew-button curfew-button-primary"
      aria-disabled={isExtending}
      onClick={() => {
        if (answer === 'failed') retry();
        else if (!isExtending) extend();
      }}
    >
      {isExtending ? warning.extending : answer === 'failed' ? tryAgain : warning.stay}
    </button>
  );
}

/** Why staying has not worked, spoken at once. */
export function StayFailure(): ReactNode {
  const failure = useFailure();
  return (
    <div role="alert" className="curfew-alert">
      {failure}
    </div>
  );
}
