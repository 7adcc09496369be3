import { setTimeout as wait } from 'node:timers/promises';
import { seconds, type Duration } from '../../machines/index.ts';
import type { PostgresDatabase } from './connection.ts';
import { connectClient, type Hosts } from './hosts.ts';

/** What is called for the messages of a channel. */
export interface ChannelListener {
  /** Called with each message. */
  onMessage(payload: string): void;
  /** Called when messages may have been missed: the caller has to read the present state itself. */
  onMissed(): void;
}

/** How long to wait between two attempts to connect, in ms. */
const pause: Duration = 500;

/** How often a silent connection is asked whether it is still there, in ms. */
const askEvery: Duration = seconds(5);

/** Listens on one connection. @returns when it is lost or `ended`. */
async function listen(hosts: Hosts, channel: string, listener: ChannelListener, ended: AbortSignal): Promise<void> {
  let lose = () => {};
  const lost = new Promise<void>((resolve) => (lose = resolve));
  const config = {
    application_name: 'curfew channel',
    keepAlive: true,
    connectionTimeoutMillis: seconds(2),
    query_timeout: seconds(2),
  };
  const client = await connectClient(hosts, config, (made) => {
    made.on('notification', ({ payload = '' }) => listener.onMessage(payload));
  });
  const here = hosts.present();
  client.on('error', lose);
  client.on('end', lose);
  ended.addEventListener('abort', lose);
  if (ended.aborted) lose();
  const ask = async () => {
    await client.query('select 1');
    await hosts.check(client);
    // What is written elsewhere is not told here.
    if (hosts.present() !== here) lose();
  };
  const asking = setInterval(() => void ask().catch(lose), askEvery);
  try {
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
    listener.onMissed();
    await lost;
  } finally {
    clearInterval(asking);
    ended.removeEventListener('abort', lose);
    void client.end().catch(() => {});
  }
}

/**
 * Listens to a channel until the database is closed. While the connection is lost it connects again and again; it calls
 * `onMissed` at each attempt, and once more when it is connected again.
 */
export function openChannel(database: PostgresDatabase, channel: string, listener: ChannelListener): void {
  const signal = database.closing;

  async function stay(): Promise<void> {
    while (!signal.aborted) {
      await listen(database.hosts, channel, listener, signal).catch(() => {});
      if (signal.aborted) return;
      listener.onMissed();
      await wait(pause, undefined, { signal }).catch(() => {});
    }
  }
  void stay();
}
