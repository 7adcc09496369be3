import { useId, type ReactNode } from 'react';
import type { Instant } from '../machines/index.ts';
import { useCurfew, useRemaining } from './hooks.ts';
import { Ring } from './Ring.tsx';
import { clockText } from './warningWords.ts';
import { durationInWords } from './words.ts';

const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { weekday: 'long', hour: 'numeric', minute: '2-digit' });

/** A moment as people call it; with its day where it is not near. */
const momentInWords = (at: Instant, now: Instant): string =>
  (Math.abs(at - now) < 12 * 3_600_000 ? timeOfDay : dayAndTime).format(at);

/**
 * The time left, quietly: only a ring until it matters, then the clock as well. Details on demand, in the browser's own
 * popover.
 */
export function TimeLeft(): ReactNode {
  const { view, phase, now } = useCurfew();
  const remaining = useRemaining();
  const details = useId();
  if (!view || remaining === null) return null;
  const isWarning = phase === 'warning';
  const whole = view.policy.idleTimeout / 1000;
  const idle = durationInWords(view.policy.idleTimeout);
  return (
    <div className="curfew-time" data-warning={isWarning || undefined}>
      <button type="button" className="curfew-time-button" aria-label="Time left" popoverTarget={details}>
        <Ring share={remaining / whole} />
        {isWarning && <span aria-hidden="true">{clockText(remaining)}</span>}
      </button>
      <div id={details} popover="auto" className="curfew-time-details">
        <p>
          {view.canExtend
            ? `You stay signed in while you are active, and for ${idle} after that.`
            : `You signed in at ${momentInWords(view.authenticatedAt, now())}. Soon we will ask for your password again.`}
        </p>
        <p>{`At the latest we ask again at ${momentInWords(view.absoluteDeadline, now())}. Your work is saved either way.`}</p>
      </div>
    </div>
  );
}
