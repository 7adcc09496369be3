import { isRevoked } from '../sql/revocations.ts';
import type { Database } from '../sqlite/database.ts';
import type { RevocationOfAll } from '../store/eventLog.ts';
import { enrolmentOf, type CurfewEnv } from './env.ts';
import { reach } from './reach.ts';

const never = 8.64e15;

/**
 * By what an end of all sessions reaches the object of a user: it enrols before its first session begins, and hears then of
 * the last such end; later ones are brought to it.
 *
 * @param revokeAll of the log
 */
export function enrolmentIn(
  database: Database,
  { env, place }: { readonly env: CurfewEnv; readonly place: string },
  revokeAll: (revocation: RevocationOfAll) => Promise<number>,
) {
  const enrolled = database.prepare(`select 1 from single_use where key = 'enrolled'`);
  const mark = database.prepare(
    `insert into single_use (key, value, expires_at) values ('enrolled', '', ${never}) on conflict (key) do nothing`,
  );
  const inUse = database.prepare('select 1 from sessions union all select 1 from users limit 1');
  const has = database.prepare(
    'select 1 from revocations where at = ? and revoked_by = ? and reason = ? and spared is ?',
  );
  const unwritten = database.prepare(`
    select 1 from sessions
    where ended_at is null and epoch < (select max(epoch) from revocations) and ${isRevoked('sessions')} limit 1`);

  /** Ends all sessions here, once. @returns how many have ended by it. */
  async function revokeOnce(revocation: RevocationOfAll): Promise<number> {
    const { at, by, reason, except } = revocation;
    return has.get(at, by, reason, except ?? null) ? 0 : revokeAll(revocation);
  }

  return {
    revokeOnce,
    /** Whether it is still to enrol, having been in use before there was this, or has ends to write. */
    isPending: () => unwritten.get() !== undefined || (enrolled.get() === undefined && inUse.get() !== undefined),
    /** @returns rejects when it cannot: then no session begins. */
    async enrol(): Promise<void> {
      if (enrolled.get()) return;
      const last = await reach(() => enrolmentOf(env, place).enrol(place));
      if (last) await revokeOnce(last);
      mark.run();
    },
  };
}

/** How the object of a user enrols. */
export type Enrolment = ReturnType<typeof enrolmentIn>;

/** Has what is read be as it is once every end of all sessions has come here. */
export const onceEnrolled =
  <Given, Result>(enrolment: Pick<Enrolment, 'enrol'>, read: (given: Given) => Promise<Result>) =>
  async (given: Given): Promise<Result> => {
    await enrolment.enrol();
    return read(given);
  };
