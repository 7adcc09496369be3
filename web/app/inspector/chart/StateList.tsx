import type { ReactNode } from 'react';
import type { Chart, Policy } from '../../../../machines/index.ts';
import { labelOf } from './labels.ts';

interface StateListProps {
  readonly chart: Chart;
  readonly policy: Policy | null;
  readonly active: ReadonlySet<string>;
  readonly traced: ReadonlySet<string>;
  /** The state whose children are listed. */
  readonly within?: string | null;
}

/** A chart as a nested list: for narrow screens, and for users who do not see the drawing. */
export function StateList({ chart, policy, active, traced, within = null }: StateListProps): ReactNode {
  const children = chart.states.filter(({ parent }) => parent === within);
  if (children.length === 0) return null;
  return (
    <ul className="app-states">
      {children.map(({ id, name }) => (
        <li key={id} data-state={id} data-active={active.has(id)}>
          <strong>{name}</strong>
          {active.has(id) && ' (now)'}
          <ul>
            {chart.transitions
              .filter(({ from }) => from === id)
              .map((transition) => (
                <li key={transition.id} data-transition={transition.id} data-traced={traced.has(transition.id)}>
                  {labelOf(transition, policy)}
                  {transition.to !== null && ` → ${transition.to}`}
                  {traced.has(transition.id) && ' (just now)'}
                </li>
              ))}
          </ul>
          <StateList chart={chart} policy={policy} active={active} traced={traced} within={id} />
        </li>
      ))}
    </ul>
  );
}
