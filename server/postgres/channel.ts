import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { seconds, type Duration } from '../../machines/index.ts';
import type { PostgresDatabase } from './connection.ts';

/** What is heard on a channel. */
export interface Listener {
  /** Something that was announced. */
  heard(payload: string): void;
  /** Announcements may have been missed: whoever wants to know has to look. */
  missed(): void;
}

/** How long between two tries to connect, and between two looks when nothing can be heard, in ms. */
const pause: Duration = 500;

/** How often a silent connection is asked whether it is still there, in ms. */
const askEvery: Duration = seconds(5);

/** Listens on one connection. @returns when it is lost or `ended`. */
async function listen(address: string, channel: string, listener: Listener, ended: AbortSignal): Promise<void> {
  const client = new Client({
    connectionString: address,
    application_name: 'curfew channel',
    keepAlive: true,
    connectionTimeoutMillis: seconds(2),
    query_timeout: seconds(2),
  });
  let lose = () => {};
  const lost = new Promise<void>((resolve) => (lose = resolve));
  client.on('error', lose);
  client.on('end', lose);
  ended.addEventListener('abort', lose);
  const asking = setInterval(() => void client.query('select 1').catch(lose), askEvery);
  try {
    client.on('notification', ({ payload = '' }) => listener.heard(payload));
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
    listener.missed();
    await lost;
  } finally {
    clearInterval(asking);
    ended.removeEventListener('abort', lose);
    void client.end().catch(() => {});
  }
}

/**
 * Listens to a channel until the database is closed. While nothing can be heard it connects again and again, and tells
 * each time that something may have been missed, and once more when it can hear again.
 */
export function openChannel(database: PostgresDatabase, channel: string, listener: Listener): void {
  const signal = database.closing;

  async function stay(): Promise<void> {
    while (!signal.aborted) {
      await listen(database.address, channel, listener, signal).catch(() => {});
      if (signal.aborted) return;
      listener.missed();
      await wait(pause, undefined, { signal }).catch(() => {});
    }
  }
  void stay();
}
