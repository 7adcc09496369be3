import { z } from 'zod';
import { eventRow } from '../store/securityLog.ts';
import type { RawEntry, RawRefusal, RawRow, RawStream } from '../store/auditReader.ts';

const text = z.string();
const textOrNull = z.string().nullable();

/**
 * What a stream is read with, whatever the database; `user` is how the column of the user is called there. With the epoch
 * of its admission go the instants at which that epoch began, and the next one, if it did not spare the session.
 */
export const streamColumns = (user: string): string => `
  ids.id as id, sessions.id as present, ${user} as "user", started_at, leaf, context, version, hash, due, ended_at, epoch,
  (select at from revocations where revocations.epoch = sessions.epoch) as epoch_at,
  (select min(at) from revocations
    where revocations.epoch > sessions.epoch and (spared is null or spared <> sessions.id)) as next_epoch_at,
  devices.stream as known, salt, user_agent, address, record
  from ids left join sessions on sessions.id = ids.id left join devices on devices.stream = ids.id
  left join purged on purged.stream = ids.id`;

/** The ids under which anything is kept, those after one, one page of them. */
export const idsAfter = (after: string, limit: string): string => {
  const arm = (column: string, table: string) =>
    `select * from (select distinct ${column} as id from ${table} where ${column} > ${after} order by 1 limit ${limit}) as ${table}_ids`;
  const arms = [arm('id', 'sessions'), arm('stream', 'events'), arm('stream', 'devices'), arm('stream', 'purged')];
  return `ids as (select id from (${arms.join(' union ')}) as every_id order by id limit ${limit})`;
};

/** One id, if anything is kept under it. */
export const idsOf = (id: string): string => {
  const arm = (column: string, table: string) => `select ${column} as id from ${table} where ${column} = ${id}`;
  const arms = [arm('id', 'sessions'), arm('stream', 'events'), arm('stream', 'devices'), arm('stream', 'purged')];
  return `ids as (${arms.join(' union ')})`;
};

/** Reads a row of `streamColumns`. */
export function rawStream(row: RawRow): RawStream {
  const { id, present, known, record, salt, user_agent, address, ...session } = row;
  return {
    id: text.parse(id),
    session: present === null ? null : session,
    device: known === null ? null : { salt, user_agent, address },
    record: textOrNull.parse(record),
  };
}

/** Reads an entry with its stream and the user of the session. */
export function rawEntry({ stream, user, ...row }: RawRow): RawEntry {
  return { stream: text.parse(stream), user: textOrNull.parse(user), row };
}

/** Reads an entry of the security log with its number. */
export function rawRefusal({ number, ...row }: RawRow): RawRefusal {
  return { number: z.coerce.number().parse(number), event: eventRow.parse(row) };
}
