import type { Instant } from '../../../machines/index.ts';
import { requestTo, type SigningPorts } from '../http/authenticatedRequests.ts';
import type { SessionFetch } from '../http/requests.types.ts';
import type { TabState } from './tab.types.ts';

/** What a tab's own `fetch` is made of. */
export interface LockedFetchPorts extends Pick<SigningPorts, 'baseUrl' | 'tokens'> {
  readonly fetch: SessionFetch;
  readonly state: () => TabState;
  /** The server's clock. */
  readonly now: () => Instant;
}

/**
 * Refuses, while the page is locked, what goes to Curfew's server: content that is hidden and not taken away goes on asking.
 * It is answered as the server would, with `session_lapsed`, and nothing is sent. While the tab is still asking how the
 * session is, the server judges.
 */
export function lockedFetch({ fetch, state, now, ...to }: LockedFetchPorts): SessionFetch {
  return async (input, init = {}) => {
    const { isLocked, phase, reason } = state();
    if (!isLocked || phase === 'checking' || !requestTo(to, input, init).isOurs) return fetch(input, init);
    const body = {
      type: 'about:blank',
      status: 401,
      code: 'session_lapsed',
      title: 'Signed out',
      reason,
      serverNow: now(),
    };
    return Response.json(body, { status: 401, headers: { 'Content-Type': 'application/problem+json' } });
  };
}
