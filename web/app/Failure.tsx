import type { ReactNode } from 'react';
import type { Trouble } from './api.ts';

const reasons: Record<Trouble, string> = {
  unreachable: 'We can’t reach the server right now. Nothing is lost.',
  gone: 'It is not here any more.',
  too_large: 'It is too long. Please make it shorter.',
  unproved: 'You have to show first that it is you.',
  refused: 'The server didn’t accept it.',
  failed: 'Something went wrong on our side. Nothing is lost.',
};

interface FailureProps {
  /** What did not work, after “We couldn’t”: “load your conversations”. */
  readonly what: string;
  readonly trouble: Trouble;
  readonly onRetry?: () => void;
}

/** Says what did not work and why, and offers to try again. */
export function Failure({ what, trouble, onRetry }: FailureProps): ReactNode {
  return (
    <div className="app-failure" role="alert">
      <p>
        <strong>We couldn’t {what}.</strong> {reasons[trouble]}
      </p>
      {onRetry && (
        <button type="button" className="curfew-button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
