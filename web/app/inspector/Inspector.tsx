import { useEffect, type ReactNode } from 'react';
import { useCurfew } from '../../react/index.ts';
import { Failure } from '../Failure.tsx';
import { useLoaded } from '../loaded.ts';
import { hasSessions } from '../shapes.ts';
import { useTitle } from '../title.ts';
import '../styles/inspector.css';
import '../styles/inspector.log.css';
import { Inspected } from './Inspected.tsx';
import { SessionTable } from './SessionTable.tsx';
import { TabMoves } from './TabMoves.tsx';

/**
 * Behind the scenes of a person's own sessions.
 *
 * @param asked the session to look at; `''` is the one that looks
 */
export function Inspector({ asked }: { readonly asked: string }): ReactNode {
  const { view } = useCurfew();
  const { value, trouble, reload } = useLoaded('/api/auth/sessions?ended=true', hasSessions);
  const version = view?.version ?? 0;
  useTitle('Inspector');
  useEffect(() => {
    if (version > 0) reload();
  }, [version, reload]);
  const id = asked === '' ? view?.id : asked;
  const isLive = id === view?.id;
  return (
    <article className="app-inspector" data-curfew-skip="">
      <header>
        <h1>Inspector</h1>
        <p className="app-quiet">
          Every step of a session is in its log. Go back to any of them, or ask how it would have gone with other
          limits.
        </p>
      </header>
      {trouble && <Failure what="load your sessions" trouble={trouble} onRetry={reload} />}
      <SessionTable sessions={value?.sessions} shown={id ?? ''} />
      {id !== undefined && <Inspected key={id} id={id} version={isLive ? version : 0} isLive={isLive} />}
      {isLive && <TabMoves />}
    </article>
  );
}
