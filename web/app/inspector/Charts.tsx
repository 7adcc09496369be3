import { useMemo, type ReactNode } from 'react';
import { chartOf, sessionMachine, tabMachine, transitionIdOf, type Policy } from '../../../machines/index.ts';
import { useTransitions, type Transition } from '../../react/index.ts';
import { Chart } from './chart/Chart.tsx';
import { standsIn, takenIn } from './taken.ts';
import type { Moment } from './timeTravel.ts';

const sessionChart = chartOf(sessionMachine);
const tabChart = chartOf(tabMachine);

const nothing: ReadonlySet<string> = new Set();

function latest(
  moves: readonly Transition[],
  machine: Transition['machine'],
): { active: ReadonlySet<string>; traced: ReadonlySet<string> } {
  const last = moves.findLast((move) => move.machine === machine);
  // What one event leads to at once is one step to a reader: a server's answer, and what follows from it.
  const together = moves.filter((move) => move.machine === machine && move.at === last?.at);
  return {
    active: last ? new Set(last.states) : nothing,
    traced: new Set(together.flatMap(({ transitions }) => transitions.map(transitionIdOf))),
  };
}

/** The machines that run in this tab, as they are now. */
export function LiveCharts({ policy }: { readonly policy: Policy | null }): ReactNode {
  const moves = useTransitions();
  const tab = useMemo(() => latest(moves, 'tab'), [moves]);
  const session = useMemo(() => latest(moves, 'session'), [moves]);
  return (
    <>
      <Chart chart={tabChart} policy={policy} label="The tab’s machine" {...tab} />
      <p className="app-quiet">Inside it, in prediction.on, runs the session’s machine and predicts:</p>
      <Chart chart={sessionChart} policy={policy} label="The session’s machine, predicting" {...session} />
    </>
  );
}

/** The session's machine at one step of its log. */
export function MomentChart({
  before,
  moment,
}: {
  readonly before: Moment | null;
  readonly moment: Moment;
}): ReactNode {
  const active = useMemo(() => new Set(standsIn(moment)), [moment]);
  const traced = useMemo(() => new Set(takenIn(before, moment)), [before, moment]);
  return (
    <Chart
      chart={sessionChart}
      policy={moment.state.context.policy}
      active={active}
      traced={traced}
      label="The session’s machine"
    />
  );
}
