import type { ReactNode } from 'react';
import { isLive, type Instant } from '../../../machines/index.ts';
import { timeOf } from '../times.ts';
import type { Deadlines, Moment } from './timeTravel.ts';

interface TimeAxisProps {
  readonly moments: readonly Moment[];
  readonly step: number;
}

const lanes = [
  { name: 'warn', label: 'Warning' },
  { name: 'idle', label: 'Idle limit' },
  { name: 'absolute', label: 'Absolute limit' },
] as const satisfies readonly { readonly name: keyof Deadlines; readonly label: string }[];

const laneHeight = 46;

/**
 * Where instants lie between the first entry and the last idle limit, in per cent. The absolute limit and the end of the
 * restore window can be days away; they stop at the right edge, or nothing else could be told apart.
 */
function scaleOf(moments: readonly Moment[]): (at: Instant) => string {
  const from = moments[0]?.entry.at ?? 0;
  const until = Math.max(
    from + 1,
    ...moments
      .filter(({ state }) => isLive(state.leaf))
      .map(({ entry, deadlines }) => Math.max(entry.at, deadlines.idle)),
  );
  return (at) => `${(1 + 98 * Math.min(1, Math.max(0, (at - from) / (until - from)))).toFixed(2)}%`;
}

const Tick = ({ x, lane, className }: { readonly x: string; readonly lane: number; readonly className: string }) => (
  <line x1={x} x2={x} y1={lane * laneHeight + 22} y2={(lane + 1) * laneHeight - 4} className={className} />
);

/** The deadlines on one line of time each: strong where they stand at this step, faint where they stood before. */
export function TimeAxis({ moments, step }: TimeAxisProps): ReactNode {
  const now = moments[step];
  if (!now) return null;
  const place = scaleOf(moments);
  const past = moments.slice(0, step);
  const { deadlines, entry } = now;
  const summary = lanes.map(({ name, label }) => `${label} at ${timeOf(deadlines[name])}`).join(', ');
  const height = (lanes.length + 1) * laneHeight;
  return (
    <svg className="app-axis" height={height} role="img" aria-label={`At ${timeOf(entry.at)}: ${summary}`}>
      <text x="1%" y="15">
        Events, now {timeOf(entry.at)}
      </text>
      {moments.map(({ entry: { version, at } }) => (
        <Tick key={version} x={place(at)} lane={0} className="app-axis-past" />
      ))}
      {lanes.map(({ name, label }, index) => (
        <g key={name} data-deadline={name}>
          <line x1="1%" x2="99%" y1={(index + 2) * laneHeight - 4} y2={(index + 2) * laneHeight - 4} />
          <text x="1%" y={(index + 1) * laneHeight + 15}>
            {label} {timeOf(deadlines[name])}
          </text>
          {past.map((moment) => (
            <Tick
              key={moment.entry.version}
              x={place(moment.deadlines[name])}
              lane={index + 1}
              className="app-axis-past"
            />
          ))}
          <Tick x={place(deadlines[name])} lane={index + 1} className="app-axis-due" />
        </g>
      ))}
      <line className="app-axis-now" x1={place(entry.at)} x2={place(entry.at)} y1="22" y2={height - 4} />
    </svg>
  );
}
