import type { Answer, Phase } from './tab.types.ts';

const phases: readonly Phase[] = [
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
const answers: readonly Answer[] = ['counting', 'extending', 'failed', 'reauthenticating'];

/** The names of the states from the outermost to the innermost, along the part called `session`. */
const pathOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  const [entry] = Object.entries(value ?? {});
  return entry ? [entry[0], ...pathOf(entry[1])] : [];
};

/** What the tab shows, from where the session part of the tab machine is. */
export function phaseIn(session: unknown): { readonly phase: Phase; readonly answer: Answer } {
  const path = pathOf(session);
  if (path.includes('warning'))
    return { phase: 'warning', answer: answers.find((answer) => path.includes(answer)) ?? 'counting' };
  const innermost = phases.find((phase) => phase === path.at(-1));
  return { phase: innermost ?? 'starting', answer: 'counting' };
}
