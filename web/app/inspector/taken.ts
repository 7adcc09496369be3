import { isSessionEvent, sessionMachine, transitionIdOf } from '../../../machines/index.ts';
import type { Moment } from './timeTravel.ts';

/** The ids, in the session machine's chart, of the transitions that led from one moment to the next. */
export function takenIn(before: Moment | null, { entry }: Moment): readonly string[] {
  const event = { ...entry.data, type: entry.type, at: entry.at };
  if (before === null || !isSessionEvent(event)) return [];
  const [state = '', leaf = ''] = before.state.leaf.split('.');
  const snapshot = sessionMachine.resolveState({ value: { [state]: leaf }, context: before.state.context });
  return sessionMachine.getTransitionData(snapshot, event).map(transitionIdOf);
}

/** The ids of the states a session stands in, parents included. */
export const standsIn = ({ state: { leaf } }: Moment): readonly string[] => ['', leaf.split('.')[0] ?? '', leaf];
