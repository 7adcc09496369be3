import type { ReactNode } from 'react';

/** Says that something could not be loaded or done, and offers to try again. */
export function Failure({ what, onRetry }: { what: string; onRetry?: () => void }): ReactNode {
  return (
    <div className="curfew-alert app-failure" role="alert">
      <p>We couldn&rsquo;t reach {what}. Nothing is lost.</p>
      {onRetry && (
        <button type="button" className="curfew-button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
