import type { ReactNode } from 'react';
import type { SessionContext } from '../../../machines/index.ts';
import { durationInWords } from '../../react/index.ts';
import { Disclosure } from '../Disclosure.tsx';
import { dateOf } from '../times.ts';
import type { Moment, Seen } from './timeTravel.ts';

const screens: Record<Seen, string> = {
  none: 'Nothing but their work.',
  toast: 'A warning beside their work.',
  dialog: 'A warning before their work.',
  locked: 'The locked screen, asking them to sign in again.',
  ended: 'That the session is over.',
};

type Row = readonly [name: string, value: string];

const inWords = (name: string, value: unknown): string => {
  if (typeof value === 'number' && name.endsWith('At')) return dateOf(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const rowsOf = (context: SessionContext): readonly Row[] =>
  Object.entries(context)
    .filter(([name]) => name !== 'policy')
    .map(([name, value]): Row => [name, inWords(name, value)]);

const limitsOf = ({ policy }: SessionContext): readonly Row[] => [
  ['policy.idleTimeout', durationInWords(policy.idleTimeout)],
  ['policy.absoluteTimeout', durationInWords(policy.absoluteTimeout)],
  ['policy.warnBefore', durationInWords(policy.warnBefore)],
  ['policy.restoreWindow', durationInWords(policy.restoreWindow)],
];

const Rows = ({ rows }: { readonly rows: readonly Row[] }): ReactNode => (
  <dl className="app-context">
    {rows.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

/** The session as it was at one step: where it stood, what the person saw, and all it knew. */
export function MomentDetails({ moment: { state, seen } }: { readonly moment: Moment }): ReactNode {
  return (
    <>
      <Rows
        rows={[
          ['State', state.leaf],
          ['The person saw', screens[seen]],
        ]}
      />
      <Disclosure name="context" summary="Context" isOpenAtFirst>
        <Rows rows={[...rowsOf(state.context), ...limitsOf(state.context)]} />
      </Disclosure>
    </>
  );
}
