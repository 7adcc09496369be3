import { use, useMemo, useState, type ReactNode } from 'react';
import { Failure } from '../Failure.tsx';
import type { LogEntry } from '../shapes.ts';
import { TellLog } from '../tellLog.ts';
import { MomentChart } from './Charts.tsx';
import { EventTable } from './EventTable.tsx';
import { useLog } from './log.ts';
import { MomentDetails } from './MomentDetails.tsx';
import { Scrubber } from './Scrubber.tsx';
import { TimeAxis } from './TimeAxis.tsx';
import { travel, type Moment } from './timeTravel.ts';
import { WhatIf } from './WhatIf.tsx';
import { whyOver } from './who.ts';

interface InspectedProps {
  readonly id: string;
  /** Grows when there is more in the log. */
  readonly version: number;
  readonly isLive: boolean;
  /** Where its log is. Default: among the person's own. */
  readonly path?: string;
}

/** `null` for a log that these rules cannot have written. */
function travelled(entries: readonly LogEntry[], id: string): readonly Moment<LogEntry>[] | null {
  try {
    return travel(entries, id);
  } catch {
    return null;
  }
}

/** One session: its log, and the way through it. Shows the last step until another is chosen. */
export function Inspected({
  id,
  version,
  isLive,
  path = `/api/auth/sessions/${id}/events`,
}: InspectedProps): ReactNode {
  const { entries, trouble, retry } = useLog(path, version);
  const tell = use(TellLog);
  const [chosen, setChosen] = useState<number | null>(null);
  const moments = useMemo(() => travelled(entries, id), [entries, id]);
  const last = (moments?.length ?? 0) - 1;
  const step = Math.min(chosen ?? last, last);
  const moment = moments?.[step];
  const why = moments?.[last] ? whyOver(moments[last].state) : null;
  const choose = (next: number) => setChosen(next >= last ? null : next);
  return (
    <>
      {trouble && <Failure what="load this session’s log" trouble={trouble} onRetry={retry} />}
      {moments === null && (
        <p role="alert">This log doesn’t replay: it is damaged, or other rules have written it. Here it is as it is.</p>
      )}
      {!trouble && entries.length === 0 && <p className="app-loading app-quiet">Loading…</p>}
      {moments && moment && (
        <section className="app-travel" aria-labelledby="inspector-travel">
          <h2 id="inspector-travel">{isLive ? 'Time travel, live' : 'Time travel'}</h2>
          {why !== null && <p className="app-why">{why}</p>}
          <Scrubber moments={moments} step={step} onStep={choose} />
          <MomentChart before={moments[step - 1] ?? null} moment={moment} />
          <TimeAxis moments={moments} step={step} />
          <MomentDetails moment={moment} />
          {tell && (
            <button type="button" className="curfew-button" onClick={() => tell(moments)}>
              Show this log to the XState inspector
            </button>
          )}
        </section>
      )}
      {moments && moments.length > 0 && <WhatIf entries={entries} policy={moments[0]?.state.context.policy} />}
      {entries.length > 0 && (
        <EventTable
          entries={entries}
          user={moments?.[0]?.state.context.user ?? ''}
          step={moments === null ? null : step}
          onStep={choose}
        />
      )}
    </>
  );
}
