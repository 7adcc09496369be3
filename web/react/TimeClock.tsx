import type { ReactNode } from 'react';
import { useMessages } from './provider.tsx';
import { Ring } from './Ring.tsx';
import { clockText } from '../messages/warningWords.ts';

/** What the clock shows. */
export interface TimeClockProps {
  /** Whole seconds to the end. */
  readonly remaining: number;
  /** Whole seconds that a full ring around the clock stands for; without it there is no ring. */
  readonly opening?: number;
}

/** The visible clock. It is a timer, which is not spoken as it changes; what is spoken is beside it. */
export function TimeClock({ remaining, opening }: TimeClockProps): ReactNode {
  const { timeLeft } = useMessages();
  return (
    <span role="timer" aria-label={timeLeft} className="curfew-clock">
      {opening !== undefined && <Ring share={remaining / Math.max(1, opening)} />}
      <span>{clockText(remaining)}</span>
    </span>
  );
}
