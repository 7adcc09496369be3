import { useId, type ReactNode } from 'react';
import { durationInWords } from '../../machines/index.ts';
import { useCurfew, useRemaining } from './hooks.ts';
import { useMessages } from './provider.tsx';
import { Ring } from './Ring.tsx';
import { clockText } from '../messages/warningWords.ts';
import { written } from '../messages/language.ts';
import { momentInWords } from '../messages/momentInWords.ts';

/**
 * The time left, quietly: only a ring until it matters, then the clock as well. Details on demand, in the browser's own
 * popover.
 */
export function TimeLeft(): ReactNode {
  const { view, phase, now } = useCurfew();
  const { time: messages, timeLeft, language } = useMessages();
  const remaining = useRemaining();
  const details = useId();
  if (!view || remaining === null) return null;
  const isWarning = phase === 'warning';
  const whole = view.policy.idleTimeout / 1000;
  const idle = durationInWords(view.policy.idleTimeout, language);
  return (
    <div className="curfew-time" data-warning={isWarning || undefined} {...written(language)}>
      <button type="button" className="curfew-time-button" aria-label={timeLeft} popoverTarget={details}>
        <Ring share={remaining / whole} />
        {isWarning && <span aria-hidden="true">{clockText(remaining)}</span>}
      </button>
      <div id={details} popover="auto" className="curfew-time-details">
        <p>
          {view.canExtend
            ? messages.whileActive(idle)
            : messages.askedSoon(momentInWords(view.authenticatedAt, now(), language))}
        </p>
        <p>{messages.askedAgain(momentInWords(view.absoluteDeadline, now(), language))}</p>
      </div>
    </div>
  );
}
