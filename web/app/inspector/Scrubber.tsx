import type { ReactNode } from 'react';
import { timeOf } from '../times.ts';
import type { Moment } from './timeTravel.ts';

interface ScrubberProps {
  readonly moments: readonly Moment[];
  readonly step: number;
  readonly onStep: (step: number) => void;
}

/** Moves through a log, one entry at a time. */
export function Scrubber({ moments, step, onStep }: ScrubberProps): ReactNode {
  const last = moments.length - 1;
  const entry = moments[step]?.entry;
  const now = entry ? `Step ${entry.version} of ${moments.length}: ${entry.type}, ${timeOf(entry.at)}` : '';
  return (
    <div className="app-scrubber">
      <label htmlFor="inspector-step">{now}</label>
      <div>
        <button type="button" className="curfew-button" disabled={step <= 0} onClick={() => onStep(step - 1)}>
          Back
        </button>
        <input
          id="inspector-step"
          type="range"
          aria-label="Step"
          aria-valuetext={now}
          min={0}
          max={last}
          value={step}
          onChange={(event) => onStep(event.target.valueAsNumber)}
        />
        <button type="button" className="curfew-button" disabled={step >= last} onClick={() => onStep(step + 1)}>
          Next
        </button>
      </div>
    </div>
  );
}
