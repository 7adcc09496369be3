import type { Entry } from './driver.ts';
import { isSessionEvent, isSessionStarted, type Authentication } from './events.ts';

/**
 * What an entry of a log says of the proof of a sign-in.
 *
 * @returns `null` for an entry that is no sign-in, or cannot be read.
 */
export function authenticationOf({ type, at, data }: Pick<Entry, 'type' | 'at' | 'data'>): Authentication | null {
  const event = { ...data, type, at };
  if (isSessionStarted(event)) return event;
  return isSessionEvent(event) && event.type === 'user.reauthenticated' ? event : null;
}
