import type { ReactNode } from 'react';
import { clockText } from './warningWords.ts';

/** The visible clock. It is a timer, which is not spoken as it changes; what is spoken is beside it. */
export function TimeClock({ remaining }: { readonly remaining: number }): ReactNode {
  return (
    <span role="timer" aria-label="Time left" className="curfew-clock">
      {clockText(remaining)}
    </span>
  );
}
