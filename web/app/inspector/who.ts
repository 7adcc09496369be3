import { isLive, reasonOf, type Entry, type SessionState } from '../../../machines/index.ts';
import { reasonInWords } from '../../react/index.ts';

/** Who made something happen to a session. */
export type Who = 'person' | 'browser' | 'clock' | 'another device' | 'somebody with an old key' | 'server';

/**
 * Who caused an entry.
 *
 * @param user whose session it is: sessions are also ended by people who are not their owner
 */
export function whoCaused({ type, data }: Pick<Entry, 'type' | 'data'>, user: string): Who {
  switch (type) {
    case 'session.started':
    case 'activity.seen':
    case 'lease.taken':
    case 'lease.released':
    case 'session.extended':
    case 'user.reauthenticated':
    case 'user.signedOut':
      return 'person';
    case 'warning.shown':
    case 'token.rotated':
    case 'token.confirmed':
    case 'token.replayed':
    case 'session.usedAfterEnd':
    case 'client.heard':
      return 'browser';
    case 'clock.reached':
      return 'clock';
    case 'session.displaced':
      return 'another device';
    case 'session.revoked':
      return data['by'] === user ? 'another device' : 'server';
    case 'policy.applied':
      return 'server';
    case 'token.reused':
      return 'somebody with an old key';
  }
}

const names: Record<Who, string> = {
  person: 'The person',
  browser: 'The browser, by itself',
  clock: 'The clock',
  'another device': 'The person, on another device',
  'somebody with an old key': 'Somebody with an old key',
  server: 'The server',
};

/** Who caused an entry, in words. */
export const whoInWords = (who: Who): string => names[who];

/** Why a session is over, as a sentence; `null` while it is not. */
export const whyOver = (state: SessionState): string | null =>
  isLive(state.leaf) ? null : reasonInWords(reasonOf(state), state.context.policy);
