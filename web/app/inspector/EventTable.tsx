import { useState, type ReactNode } from 'react';
import { authenticationOf, methodsInWords } from '../../../machines/index.ts';
import type { LogEntry } from '../shapes.ts';
import { dateOf } from '../times.ts';
import { whoCaused, whoInWords } from './who.ts';

interface EventTableProps {
  readonly entries: readonly LogEntry[];
  /** Whose session it is. */
  readonly user: string;
  /** The step that is shown above; `null` when there is none to go to. */
  readonly step: number | null;
  readonly onStep: (step: number) => void;
}

/** What is written to the clipboard, and what came of it. */
function CopyAsJson({ entries }: { readonly entries: readonly LogEntry[] }): ReactNode {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(JSON.stringify(entries, null, 2));
      setSaid('Copied.');
    } catch {
      setSaid('This browser didn’t let us copy.');
    }
  };
  return (
    <>
      <button type="button" className="curfew-button" onClick={() => void copy()}>
        Copy as JSON
      </button>
      <span role="status">{said}</span>
    </>
  );
}

/** Who caused an entry; of a sign-in also how it was proved. */
function whoOf(entry: LogEntry, user: string): string {
  const proof = authenticationOf(entry);
  return `${whoInWords(whoCaused(entry, user))}${proof === null ? '' : methodsInWords(proof.method, proof.issuer)}`;
}

/** A session's log, newest last, as the server wrote it. */
export function EventTable({ entries, user, step, onStep }: EventTableProps): ReactNode {
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const rows = entries
    .map((entry, index) => ({ entry, index, who: whoOf(entry, user) }))
    .filter(({ entry: { type, from, to }, who }) => `${type} ${from} ${to} ${who}`.toLowerCase().includes(wanted));
  return (
    <section aria-labelledby="inspector-log">
      <h2 id="inspector-log">Log</h2>
      <div className="app-log-tools">
        <label>
          Filter
          <input type="search" value={filter} onChange={(event) => setFilter(event.target.value)} />
        </label>
        <CopyAsJson entries={entries} />
      </div>
      <div className="app-log" role="region" aria-labelledby="inspector-log" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {['Version', 'Event', 'When', 'From → to', 'Who'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ entry: { version, type, at, from, to }, index, who }) => (
              <tr key={version} aria-current={index === step ? 'step' : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className="app-textual"
                    aria-label={`Go to step ${version}`}
                    disabled={step === null}
                    onClick={() => onStep(index)}
                  >
                    {version}
                  </button>
                </th>
                <td>{type}</td>
                <td>{dateOf(at)}</td>
                <td>{from === null ? to : `${from} → ${to}`}</td>
                <td>{who}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p className="app-quiet">Nothing in the log matches.</p>}
      </div>
    </section>
  );
}
