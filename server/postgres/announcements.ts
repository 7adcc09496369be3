import { randomUUID } from 'node:crypto';
import type { EventLog } from '../store/eventLog.ts';
import { createListeners } from '../store/listeners.ts';
import { announcer } from './announcer.ts';
import { openChannel } from './channel.ts';
import type { PostgresDatabase } from './connection.ts';

const channel = 'curfew_sessions';

const deaf =
  'what is announced in the database is not heard: a pooler in transaction mode keeps LISTEN from it; ' +
  'streams look twice a second, and no copies of sessions are kept';

/** Calls the listeners of every node with the ids of changed sessions. */
export interface Announcements {
  /** To be called after each commit, with the ids of the changed sessions. */
  readonly notify: (ids: readonly string[]) => void;
  /** To be called after all sessions were ended at once. */
  readonly notifyAll: () => void;
  readonly subscribe: (...args: Parameters<EventLog['subscribe']>) => () => void;
}

/**
 * Announces commits to the other nodes on a channel of PostgreSQL, and listens to theirs from the first subscription.
 */
export function sessionAnnouncements(database: PostgresDatabase, warn: (warning: string) => void): Announcements {
  const listeners = createListeners();
  const node = randomUUID();
  const announce = announcer(database, channel);
  let isListening = false;
  let isDeaf = false;

  function listen(): void {
    if (isListening) return;
    isListening = true;
    openChannel(database, channel, {
      onMessage(payload) {
        const [from = '', ...id] = payload.split(':');
        if (from === node) return;
        if (id.length === 0) listeners.notifyAll();
        else listeners.notify([id.join(':')]);
      },
      onMissed: listeners.notifyAll,
      onDeaf() {
        if (!isDeaf) warn(deaf);
        isDeaf = true;
      },
    });
  }

  return {
    notify(ids) {
      listeners.notify(ids);
      if (ids.length > 0) announce(ids.map((id) => `${node}:${id}`));
    },

    notifyAll() {
      listeners.notifyAll();
      announce([node]);
    },

    subscribe(listener, missed) {
      listen();
      return listeners.add(listener, missed);
    },
  };
}
