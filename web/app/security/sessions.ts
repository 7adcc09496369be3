import { useCallback, useEffect, useRef } from 'react';
import { minutes } from '../../../machines/index.ts';
import { useCurfew } from '../../react/index.ts';
import { useLoaded, type Loaded } from '../loaded.ts';
import { hasSessions, type SessionSummary } from '../shapes.ts';

const channelName = 'curfew.sessions';

/** A person's sessions, and how other tabs learn that something about them was changed here. */
export interface Sessions extends Loaded<{ readonly sessions: readonly SessionSummary[] }> {
  readonly tell: () => void;
}

/**
 * Looks again when there may be news: when the server or another tab has told something, when the page is looked at
 * again, and once a minute while it is.
 */
export function useNews(look: () => void): () => void {
  const { view } = useCurfew();
  const version = view?.version;
  const seen = useRef(version);
  const channel = useRef<BroadcastChannel | null>(null);
  useEffect(() => {
    if (seen.current !== version) look();
    seen.current = version;
  }, [version, look]);
  useEffect(() => {
    const lookIfSeen = () => {
      if (document.visibilityState === 'visible') look();
    };
    const open = new BroadcastChannel(channelName);
    channel.current = open;
    open.addEventListener('message', look);
    addEventListener('focus', lookIfSeen);
    document.addEventListener('visibilitychange', lookIfSeen);
    const timer = setInterval(lookIfSeen, minutes(1));
    return () => {
      open.close();
      removeEventListener('focus', lookIfSeen);
      document.removeEventListener('visibilitychange', lookIfSeen);
      clearInterval(timer);
    };
  }, [look]);
  return useCallback(() => channel.current?.postMessage('changed'), []);
}

/** The person's own sessions, those that have ended included. */
export function useSessions(): Sessions {
  const sessions = useLoaded('/api/auth/sessions?ended=true', hasSessions);
  const tell = useNews(sessions.reload);
  return { ...sessions, tell };
}
