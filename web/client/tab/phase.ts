import type { TabContext } from '../../../machines/index.ts';
import type { Answer, Phase, TabState } from './tab.types.ts';
import { statesIn } from './trace.ts';

/** Every phase there is. */
export const phases: readonly Phase[] = [
  'starting',
  'unreachable',
  'signedOut',
  'signingIn',
  'active',
  'warning',
  'checking',
  'unconfirmed',
  'locked',
  'reauthenticating',
  'restoring',
  'signingOut',
  'ended',
];
const openPhases: readonly Phase[] = ['active', 'warning'];
const lockedPhases: readonly Phase[] = ['checking', 'unconfirmed', 'locked', 'reauthenticating', 'restoring'];
const answers: readonly Answer[] = ['counting', 'extending', 'failed', 'reauthenticating'];

/** What the tab shows, from where the session part of the tab machine is. */
export function phaseIn(session: unknown): { readonly phase: Phase; readonly answer: Answer } {
  const path = statesIn(session).at(-1)?.split('.') ?? [];
  if (path.includes('warning'))
    return { phase: 'warning', answer: answers.find((answer) => path.includes(answer)) ?? 'counting' };
  const innermost = phases.find((phase) => phase === path.at(-1));
  return { phase: innermost ?? 'starting', answer: 'counting' };
}

/** What a tab shows, from a snapshot of its machine. */
export function stateOf(snapshot: {
  readonly context: TabContext;
  readonly value: { readonly network: unknown; readonly session: unknown };
}): TabState {
  const { user, view, stage, problem, reason, isRefreshing, refreshProblem } = snapshot.context;
  const online = snapshot.value.network === 'online';
  const { phase, answer } = phaseIn(snapshot.value.session);
  const isOpen = openPhases.includes(phase);
  const isLocked = lockedPhases.includes(phase);
  return { phase, isOpen, isLocked, answer, user, view, stage, problem, reason, online, isRefreshing, refreshProblem };
}

/** Whether two states show the same. */
export const isSameState = (state: TabState, next: TabState): boolean =>
  Object.entries(next).every(([name, value]) => Reflect.get(state, name) === value);
