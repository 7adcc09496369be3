import { setTimeout as wait } from 'node:timers/promises';
import type { Duration } from '../../machines/index.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import type { PostgresDatabase } from './connection.ts';

/** How long to wait before what could not be announced is announced again, in ms. */
const pause: Duration = 500;

/**
 * Announces payloads on a channel, after the commits they speak of and many at once: PostgreSQL lets transactions that
 * notify commit one after another only, which no session may have to wait for.
 */
export function announcer(database: PostgresDatabase, channel: string): (payloads: readonly string[]) => void {
  const waiting = new Set<string>();
  let busy = false;

  async function flush(): Promise<void> {
    busy = true;
    while (waiting.size > 0) {
      const batch = [...waiting];
      waiting.clear();
      try {
        await database.query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [channel, batch]);
      } catch (error) {
        // A bug of ours is reported once and not tried again: no request waits for this, and other nodes read the log
        // anyway.
        if (!(error instanceof StoreUnavailable)) {
          process.emitWarning(error instanceof Error ? error : new Error(String(error)));
          continue;
        }
        // It was the last try, and other nodes look by themselves.
        if (database.closing.aborted) break;
        for (const payload of batch) waiting.add(payload);
        await wait(pause, undefined, { signal: database.closing }).catch(() => {});
      }
    }
    busy = false;
  }

  return (payloads) => {
    for (const payload of payloads) waiting.add(payload);
    if (!busy) database.waitFor(flush());
  };
}
