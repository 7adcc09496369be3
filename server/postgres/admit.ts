import type { Admission } from '../store/eventLog.ts';
import type { Query } from './connection.ts';
import { WrongExpectedVersion } from './write.ts';

const everybody = '(select coalesce(max(epoch), 0) from revocations)';

const admitFirst = `
  insert into accounts (user_id, auth_epoch, admissions, revoked_at)
  select $1, $2, 1, $5::double precision where $3 = ${everybody} and $4 = 0
  on conflict (user_id) do nothing`;

const admitNext = `
  update accounts
  set auth_epoch = auth_epoch + $2, admissions = admissions + 1, revoked_at = greatest(revoked_at, $5)
  where user_id = $1 and auth_epoch + ${everybody} = $3 and admissions = $4`;

/** Nobody is admitted while all sessions are ended: what was read before that counts no more. */
const holdEverybody = "select pg_advisory_xact_lock_shared(hashtextextended('revocations', 0))";
/** Waits for every admission that is under way. */
export const lockEverybody = "select pg_advisory_xact_lock(hashtextextended('revocations', 0))";

/** Counts an admission. @throws WrongExpectedVersion when the account is not as it was read */
export async function admit(query: Query, { user, account, raiseEpoch, revokedAt }: Admission): Promise<void> {
  const { authEpoch, admissions } = account;
  const asRead = [user, raiseEpoch ? 1 : 0, authEpoch, admissions, revokedAt ?? null];
  await query(holdEverybody);
  const isFirst = admissions === 0 && (await query(admitFirst, asRead)).count > 0;
  if (!isFirst && (await query(admitNext, asRead)).count === 0) throw new WrongExpectedVersion();
}
