import type { ReactNode } from 'react';
import { Link } from './router.tsx';
import { useTitle } from './title.ts';

/** Where nothing is open yet. */
export function Home({ isEmpty, onStart }: { readonly isEmpty: boolean; readonly onStart: () => void }): ReactNode {
  useTitle('Conversations');
  return (
    <div className="app-empty">
      <h1>{isEmpty ? 'Nothing here yet' : 'Pick up where you left off'}</h1>
      <p>
        {isEmpty
          ? 'Start something and write a few words. Then walk away: they will be here when you come back.'
          : 'Open one of your conversations, or start another.'}
      </p>
      {isEmpty && (
        <button type="button" className="curfew-button app-first" onClick={onStart}>
          Start the first one
        </button>
      )}
    </div>
  );
}

/** Where an address leads nowhere. */
export function NotFound({ what = 'There is nothing at this address' }: { readonly what?: string }): ReactNode {
  useTitle('Not found');
  return (
    <div className="app-empty">
      <h1>{what}</h1>
      <p>It may have been deleted, or the address isn’t quite right.</p>
      <Link to="/" className="curfew-button">
        See your conversations
      </Link>
    </div>
  );
}
