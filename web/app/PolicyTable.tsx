import type { ReactNode } from 'react';
import type { Policy } from '../../machines/index.ts';
import { countInWords, durationInWords } from '../react/index.ts';

/** The rules of this stay, in words. @see WCAG 2.2.6 */
export function PolicyTable({ policy }: { readonly policy: Policy }): ReactNode {
  const rows = [
    ['Without activity you are signed out after', durationInWords(policy.idleTimeout)],
    ['You are told before that', durationInWords(policy.warnBefore)],
    ['Your password is asked for again after', durationInWords(policy.absoluteTimeout)],
    ['Your work is kept for', durationInWords(policy.restoreWindow)],
    ['You can be signed in at the same time in', countInWords(policy.maxSessions, 'place')],
  ] as const;
  return (
    <section>
      <h2>How long you stay signed in</h2>
      <table className="app-rules">
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
