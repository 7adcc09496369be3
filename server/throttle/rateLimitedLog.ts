import { minutes, type Duration, type Instant } from '../../machines/index.ts';
import type { Pseudonyms } from '../store/securityLog.ts';
import type { SecurityEvent, SecurityEventKind, SecurityLog } from '../store/securityLog.ts';

/** How many refusals of one kind from one address and user are recorded in a minute. */
const maxPerWindow = 10;
const window: Duration = minutes(1);

/** How many windows are kept in memory at most; the oldest is dropped first. */
const maxKeys = 10_000;

/** Refusals that a client can cause by the thousand. All others are throttled before. */
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
 * Limits the entries of refusals that a client can cause without limit, so that they do not fill the disk: ten a minute
 * for each kind, address and user, and then, as `leftOut`, the number of those that were not recorded.
 */
export function rateLimitedLog(log: SecurityLog, { address: pseudonymOf }: Pick<Pseudonyms, 'address'>): SecurityLog {
  const windows = new Map<string, { readonly since: Instant; count: number }>();

  function keyOf({ kind, address, user }: SecurityEvent): string {
    return JSON.stringify([kind, address === undefined ? null : pseudonymOf(address), user ?? null]);
  }

  return {
    ...log,
    async record(event) {
      if (!cheap.has(event.kind)) return log.record(event);
      const key = keyOf(event);
      const before = windows.get(key);
      if (before && event.at - before.since < window) {
        before.count += 1;
        return before.count > maxPerWindow ? undefined : log.record(event);
      }
      windows.delete(key);
      const [oldest] = windows.keys();
      if (windows.size >= maxKeys && oldest !== undefined) windows.delete(oldest);
      windows.set(key, { since: event.at, count: 1 });
      const leftOut = Math.max(0, (before?.count ?? 0) - maxPerWindow);
      return log.record(leftOut === 0 ? event : { ...event, detail: { ...event.detail, leftOut } });
    },
  };
}
