import type { ClientBase } from 'pg';

/** Remembers which history the database has that was connected to last: another one after each failover. */
export interface TimelineWatch {
  /** To be called with each new connection. */
  readonly note: (client: ClientBase) => Promise<void>;
  /** `null` where it is not known. */
  readonly present: () => string | null;
}

/** A standby has none of its own. */
const timeline = `
  select case when not pg_is_in_recovery() then left(pg_walfile_name(pg_current_wal_lsn()), 8) end as timeline`;

/** @returns one that knows nothing yet. */
export function watchTimeline(): TimelineWatch {
  let present: string | null = null;
  return {
    async note(client) {
      const { rows } = await client.query<{ timeline: string | null }>(timeline);
      present = rows[0]?.timeline ?? present;
    },
    present: () => present,
  };
}
