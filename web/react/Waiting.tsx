import type { ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { useMessages } from './provider.tsx';
import { written } from '../messages/language.ts';

/** While it is not known who is here: a moment's wait, or that the server cannot be reached. */
export function Waiting(): ReactNode {
  const { phase, online, retry } = useCurfew();
  const { waiting: messages, tryAgain, language } = useMessages();
  if (phase !== 'unreachable') {
    return (
      <main className="curfew-locked" {...written(language)}>
        <p role="status" className="curfew-progress">
          {phase === 'signingOut' ? messages.signingOut : messages.moment}
        </p>
      </main>
    );
  }
  return (
    <main className="curfew-locked" {...written(language)}>
      <div className="curfew-card">
        <h1>{online ? messages.unreachable : messages.offline}</h1>
        <p role="alert">{messages.nothingLost}</p>
        <div className="curfew-actions">
          <button type="button" className="curfew-button curfew-button-primary" onClick={retry}>
            {tryAgain}
          </button>
        </div>
      </div>
    </main>
  );
}
