import type { ReactNode } from 'react';
import { useCurfew, useRemaining } from './hooks.ts';
import { durationInWords } from './words.ts';

/** The time left, quietly: only a ring until it matters, with details on demand. */
export function TimeLeft(): ReactNode {
  const { view, phase } = useCurfew();
  const left = useRemaining();
  if (!view || left === null) return null;
  const whole = view.policy.idleTimeout / 1000;
  const share = Math.min(1, Math.max(0, left / whole));
  return (
    <details className="curfew-time" data-warning={phase === 'warning' || undefined}>
      <summary aria-label="Time left">
        <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
          <circle className="curfew-time-track" cx="12" cy="12" r="9" pathLength="1" />
          <circle className="curfew-time-left" cx="12" cy="12" r="9" pathLength="1" strokeDasharray={`${share} 1`} />
        </svg>
        {phase === 'warning' && <span>{durationInWords(left * 1000)}</span>}
      </summary>
      <p>
        {view.canExtend
          ? `You stay signed in while you are active, and for ${durationInWords(view.policy.idleTimeout)} after that.`
          : 'You signed in a long time ago; soon you will be asked for your password again.'}
      </p>
    </details>
  );
}
