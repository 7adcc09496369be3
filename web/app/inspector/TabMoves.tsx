import type { ReactNode } from 'react';
import { useCurfew, useTransitions } from '../../react/index.ts';
import { LiveCharts } from './Charts.tsx';
import { timeOf } from '../times.ts';

const shown = 20;

/** What the machines of this tab did last, newest first. */
export function TabMoves(): ReactNode {
  const moves = useTransitions();
  const { view } = useCurfew();
  return (
    <section aria-labelledby="inspector-moves">
      <h2 id="inspector-moves">This tab’s machines, live</h2>
      <LiveCharts policy={view?.policy ?? null} />
      {moves.length === 0 && <p className="app-quiet">They haven’t moved yet.</p>}
      <ol className="app-moves" reversed>
        {moves
          .slice(-shown)
          .toReversed()
          .map(({ number, at, machine, event, states }) => (
            <li key={number} value={number}>
              <span>
                {timeOf(at)} {machine}
              </span>
              <code>{event}</code>
              <code>→ {states.at(-1)}</code>
            </li>
          ))}
      </ol>
    </section>
  );
}
