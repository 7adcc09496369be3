import type { ReactNode } from 'react';
import type { Trouble } from './api.ts';
import { plainWords, type AppWords } from './words.ts';

interface FailureProps {
  /** What did not work, as it stands after “We couldn’t” in English: “load your conversations”. */
  readonly what: string;
  readonly trouble: Trouble;
  readonly onRetry?: () => void;
  /** In which language. Default English. */
  readonly words?: AppWords;
}

/** Says what did not work and why, and offers to try again. */
export function Failure({ what, trouble, onRetry, words = plainWords }: FailureProps): ReactNode {
  const { couldNot, reasons, tryAgain } = words.trouble;
  return (
    <div className="app-failure" role="alert">
      <p>
        <strong>{couldNot(what)}</strong> {reasons[trouble]}
      </p>
      {onRetry && (
        <button type="button" className="curfew-button" onClick={onRetry}>
          {tryAgain}
        </button>
      )}
    </div>
  );
}
