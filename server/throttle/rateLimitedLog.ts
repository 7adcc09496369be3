import { minutes, type Duration, type Instant } from '../../machines/index.ts';
import type { Pseudonyms } from '../store/securityLog.ts';
import type { SecurityEvent, SecurityEventKind, SecurityLog } from '../store/securityLog.ts';

/** How many refusals of one kind to one place are told in a minute. */
const toldInWindow = 10;
const window: Duration = minutes(1);

/** How many places are remembered at most; the oldest is forgotten first. */
const remembered = 10_000;

/** Refusals that cost nobody anything: they can be had by the thousand. All others are slowed down before. */
const cheap: ReadonlySet<SecurityEventKind> = new Set([
  'login_throttled',
  'reauthentication_throttled',
  'registration_throttled',
  'token_refused',
  'session_mismatch',
  'cross_site_refused',
  'access_denied',
]);

/**
 * Keeps whoever is refused for free from filling the disk: a few entries a minute for each kind and place, and then
 * the number of those that were left out.
 */
export function rateLimitedLog(log: SecurityLog, { address: placeOf }: Pick<Pseudonyms, 'address'>): SecurityLog {
  const told = new Map<string, { readonly since: Instant; count: number }>();

  function keyOf({ kind, address, user }: SecurityEvent): string {
    return JSON.stringify([kind, address === undefined ? null : placeOf(address), user ?? null]);
  }

  return {
    ...log,
    async record(event) {
      if (!cheap.has(event.kind)) return log.record(event);
      const key = keyOf(event);
      const before = told.get(key);
      if (before && event.at - before.since < window) {
        before.count += 1;
        return before.count > toldInWindow ? undefined : log.record(event);
      }
      told.delete(key);
      const [oldest] = told.keys();
      if (told.size >= remembered && oldest !== undefined) told.delete(oldest);
      told.set(key, { since: event.at, count: 1 });
      const leftOut = Math.max(0, (before?.count ?? 0) - toldInWindow);
      return log.record(leftOut === 0 ? event : { ...event, detail: { ...event.detail, leftOut } });
    },
  };
}
