import {
  minutes,
  presets,
  start,
  stepAll,
  type Instant,
  type Policy,
  type SessionEvent,
} from '../../machines/index.ts';
import { chain, commit } from '../store/chain.ts';
import type { Change, Device, Stored } from '../store/eventLog.ts';

export const t0 = Date.UTC(2030, 0, 1, 9);
export const device: Device = { userAgent: 'Firefox', address: '192.0.2.7' };
export const nobodyYet = { authEpoch: 0, admissions: 0, revokedAt: null };

/** A session that begins, as the server would have it written. */
export function begun(id: string, user = 'ada', at: Instant = t0, policy: Policy = presets.standard): Change {
  const salt = `salt of ${id}`;
  const { state, entries } = start({
    type: 'session.started',
    at,
    user,
    policy,
    remembered: false,
    method: 'pwd',
    device: commit(salt, device),
  });
  return { id, expected: 0, state, entries: chain('', entries, at), device: { salt, device } };
}

/** What events do to a session, as the server would have it written. */
export function decided(stored: Pick<Stored, 'id' | 'state' | 'hash'>, events: readonly SessionEvent[]): Change {
  const { state, entries } = stepAll(stored.state, events);
  const recordedAt = events.at(-1)?.at ?? t0;
  return {
    id: stored.id,
    expected: stored.state.context.version,
    state,
    entries: chain(stored.hash, entries, recordedAt),
  };
}

/** A change as it is found afterwards, when it was appended. */
export function storedAs(change: Change): Stored {
  const hash = change.entries.at(-1)?.hash ?? '';
  return { id: change.id, state: change.state, hash, device: change.device?.device ?? null };
}

export const extended = (at: Instant): SessionEvent => ({ type: 'session.extended', at, generation: 0 });
export const signedOut = (at: Instant): SessionEvent => ({ type: 'user.signedOut', at });
export const clock = (at: Instant): SessionEvent => ({ type: 'clock.reached', at });
export const later = (n: number): Instant => t0 + minutes(n);
