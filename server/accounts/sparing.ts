import { minutes, type Duration, type Instant } from '../../machines/index.ts';
import type { Pseudonyms } from './pseudonym.ts';
import type { SecurityEvent, SecurityEventKind, SecurityLog } from './securityLog.ts';

/** How long refusals of one kind to one place are told once, in ms. */
const toldOnceIn: Duration = minutes(1);

/** How many places are remembered at most; the oldest is forgotten first. */
const remembered = 10_000;

/** Refusals that cost nobody anything: they can be had by the thousand. All others are slowed down before. */
const cheap: ReadonlySet<SecurityEventKind> = new Set([
  'login_throttled',
  'reauthentication_throttled',
  'registration_throttled',
  'access_denied',
]);

/**
 * Keeps whoever is refused for free from filling the disk: one entry a minute for each kind and place, with the number
 * of those that were left out before it.
 */
export function sparing(log: SecurityLog, { address: placeOf }: Pick<Pseudonyms, 'address'>): SecurityLog {
  const told = new Map<string, { readonly at: Instant; leftOut: number }>();

  function keyOf({ kind, address, user }: SecurityEvent): string {
    return JSON.stringify([kind, address === undefined ? null : placeOf(address), user ?? null]);
  }

  return {
    ...log,
    async record(event) {
      if (!cheap.has(event.kind)) return log.record(event);
      const key = keyOf(event);
      const before = told.get(key);
      if (before && event.at - before.at < toldOnceIn) {
        before.leftOut += 1;
        return;
      }
      told.delete(key);
      const [oldest] = told.keys();
      if (told.size >= remembered && oldest !== undefined) told.delete(oldest);
      const leftOut = before?.leftOut ?? 0;
      await log.record(leftOut === 0 ? event : { ...event, detail: { ...event.detail, leftOut } });
      told.set(key, { at: event.at, leftOut: 0 });
    },
  };
}
