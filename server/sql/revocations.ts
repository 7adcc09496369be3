/** The revocations of all sessions that have ended one of them, whatever its log says. */
const those = (session: string): string =>
  `from revocations where epoch > ${session}.epoch and (spared is null or spared <> ${session}.id)`;

/** Whether a session was ended by a revocation of all, whatever its log says. */
export const isRevoked = (session: string): string => `exists (select 1 ${those(session)})`;

/**
 * What a session is read with, whatever the database; with the revocation by which it has ended without its log saying
 * so yet.
 */
export const storedColumns = `
  select sessions.id, leaf, context, hash, salt, user_agent, address, revocations.at as revoked_at, revoked_by,
    revocations.reason as revoked_reason
  from sessions left join devices on devices.stream = sessions.id
  left join revocations on ended_at is null and revocations.epoch = (select min(epoch) ${those('sessions')})`;

/** The leaf that a session of `storedColumns` is found by. */
export const presentLeaf = `case when revocations.epoch is null then leaf else 'ended.revoked' end`;

/** Sessions of `storedColumns` that have not ended. */
export const isUnended = `ended_at is null and revocations.epoch is null`;
