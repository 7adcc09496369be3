import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { seconds, type Duration } from '../../machines/index.ts';
import type { PostgresDatabase } from './connection.ts';
import { createHearing } from './hearing.ts';
import { connectClient } from './hosts.ts';

/** What is called for the messages of a channel. */
export interface ChannelListener {
  /** Called with each message. */
  onMessage(payload: string): void;
  /** Called when messages may have been missed: the caller has to read the present state itself. */
  onMissed(): void;
  /** Called, each time it is tried, where what is announced is not heard: then `onMissed` is called twice a second. */
  onDeaf?(): void;
}

/** How long to wait between two attempts to connect, in ms. */
const pause: Duration = 500;

/** How often a silent connection is asked whether it is still there, in ms. */
const askEvery: Duration = seconds(5);

/** How long an announcement of our own may take to come back, in ms. */
const echoWithin: Duration = seconds(2);

const echo = 'echo:';

/**
 * Listens on one connection, and believes that it hears only what it has heard: between us and the database there may be a
 * pooler that takes `listen` and tells nobody.
 *
 * @returns when it is lost or the database is closed.
 */
async function listen(
  { hosts, query, closing: ended }: Pick<PostgresDatabase, 'hosts' | 'query' | 'closing'>,
  channel: string,
  listener: ChannelListener,
): Promise<void> {
  const hearing = createHearing();
  const own = `${echo}${randomUUID()}`;
  let lose = () => {};
  const lost = new Promise<void>((resolve) => (lose = resolve));
  const config = {
    application_name: 'curfew channel',
    keepAlive: true,
    connectionTimeoutMillis: seconds(2),
    query_timeout: seconds(2),
  };
  const client = await connectClient(hosts, config, (made) => {
    made.on('notification', ({ payload = '' }) => {
      if (payload.startsWith(echo)) hearing.hear(payload);
      else listener.onMessage(payload);
    });
  });
  const here = hosts.present();
  client.on('error', lose);
  client.on('end', lose);
  ended.addEventListener('abort', lose);
  if (ended.aborted) lose();
  const ask = async () => {
    const heard = hearing.heard((payload) => payload === own, echoWithin);
    // Not on this connection: what a session announces itself it is told even where it is told nothing else.
    await query('select pg_notify($1, $2)', [channel, own]);
    await client.query('select 1');
    if (!(await heard)) {
      listener.onDeaf?.();
      throw new Error('what is announced is not heard');
    }
    await hosts.check(client);
    // What is written elsewhere is not told here.
    if (hosts.present() !== here) lose();
  };
  const asking = setInterval(() => void ask().catch(lose), askEvery);
  try {
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
    await ask();
    listener.onMissed();
    await lost;
  } finally {
    clearInterval(asking);
    ended.removeEventListener('abort', lose);
    void client.end().catch(() => {});
  }
}

/**
 * Listens to a channel until the database is closed. While nothing is heard it connects again and again, and calls `onMissed`
 * twice a second, and once more when something is heard again.
 */
export function openChannel(database: PostgresDatabase, channel: string, listener: ChannelListener): void {
  const signal = database.closing;

  async function stay(): Promise<void> {
    while (!signal.aborted) {
      // Until something is heard, everybody looks for themselves.
      const looking = setInterval(() => listener.onMissed(), pause);
      const onMissed = () => {
        clearInterval(looking);
        listener.onMissed();
      };
      const hearing: ChannelListener = {
        onMessage: (payload) => listener.onMessage(payload),
        onMissed,
        onDeaf: () => listener.onDeaf?.(),
      };
      await listen(database, channel, hearing).catch(() => {});
      if (!signal.aborted) await wait(pause, undefined, { signal }).catch(() => {});
      onMissed();
    }
  }
  void stay();
}
