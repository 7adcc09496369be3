import type { EventLogPurge } from '../../../server/store/eventLog.ts';
import type { MemoryDatabase } from './connection.ts';

/** Erases sessions from memory, or only their personal data. */
export function memoryPurge({ streams, records }: MemoryDatabase): EventLogPurge {
  return {
    eraseDevicesWrite: (user) => () => {
      for (const [id, stream] of streams)
        if (stream.stored.state.context.user === user)
          streams.set(id, { ...stream, stored: { ...stream.stored, device: null } });
    },

    async purge(purges) {
      const purged = purges.filter(({ id, version }) => {
        const context = streams.get(id)?.stored.state.context;
        return context?.version === version && context.endedAt !== null;
      });
      for (const { id, record } of purged) {
        streams.delete(id);
        records.set(id, record);
      }
      return purged.map(({ id }) => id);
    },

    async purged(id) {
      return records.get(id) ?? null;
    },
  };
}
