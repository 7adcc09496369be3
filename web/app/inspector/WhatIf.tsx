import { useMemo, useState, type ReactNode } from 'react';
import { isLive, minutes, presets, type Entry, type Policy } from '../../../machines/index.ts';
import { durationInWords, reasonInWords } from '../../react/index.ts';
import { dateOf } from '../times.ts';
import { policyUnder, replayUnder, signedOutUnder, type Divergence } from './whatIf.ts';

interface WhatIfProps {
  readonly entries: readonly Entry[];
  /** The limits that were. */
  readonly policy: Policy | undefined;
}

function divergenceInWords({ at, version, was, would, reason }: Divergence, policy: Policy): string {
  const when = `At ${dateOf(at)}, after step ${version}`;
  if (isLive(would))
    return isLive(was)
      ? `${when}, the session would have been in ${would}; it was in ${was}.`
      : `${when}, you would still have been signed in; the session was in ${was}.`;
  const why = isLive(was) ? `The screen would have said: “${reasonInWords(reason, policy)}”` : `It was in ${was}.`;
  return `${when}, you would have been signed out (${would}). ${why}`;
}

/** What to say: the first difference, and the sign-out that came of it if that was not the first. */
function answer(entries: readonly Entry[], recorded: Policy, idle: number, absolute: number): readonly string[] {
  const { ok, ...result } = policyUnder(recorded, minutes(idle), minutes(absolute));
  if (!ok || !('policy' in result))
    return ['The idle limit has to be shorter than the absolute limit, and more than 0.'];
  const first = replayUnder(entries, result.policy);
  if (!first) return ['Nothing would have been different.'];
  const out = signedOutUnder(entries, result.policy);
  const found = out && out.at !== first.at ? [first, out] : [first];
  return found.map((each) => divergenceInWords(each, result.policy));
}

/** Asks how the same things would have gone under other limits. */
export function WhatIf({ entries, policy: recorded = presets.standard }: WhatIfProps): ReactNode {
  const [idle, setIdle] = useState('15');
  const [absolute, setAbsolute] = useState(String(recorded.absoluteTimeout / minutes(1)));
  const said = useMemo(
    () => answer(entries, recorded, Number(idle), Number(absolute)),
    [entries, recorded, idle, absolute],
  );
  const fields = [
    ['Idle limit, minutes', idle, setIdle],
    ['Absolute limit, minutes', absolute, setAbsolute],
  ] as const;
  return (
    <section aria-labelledby="inspector-what-if">
      <h2 id="inspector-what-if">What if?</h2>
      <p className="app-quiet">
        It was {durationInWords(recorded.idleTimeout)} without activity, and {durationInWords(recorded.absoluteTimeout)}{' '}
        at most. The same things happen again at the same times, under:
      </p>
      <div className="app-what-if">
        {fields.map(([label, value, onChange]) => (
          <label key={label}>
            {label}
            <input
              type="number"
              inputMode="decimal"
              min={0}
              step="any"
              value={value}
              onChange={(event) => onChange(event.target.value)}
            />
          </label>
        ))}
      </div>
      <div role="status" className="app-answer">
        {said.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
    </section>
  );
}
