import type { Context } from 'hono';
import type { Person } from '../accounts/accounts.ts';
import { problem, type Refusal } from '../http/problem.ts';
import type { Dependencies } from './dependencies.ts';
import { tooManyAttempts } from './tooManyAttempts.ts';

/** A user who has just confirmed their password. */
export interface ProvedAgain {
  readonly user: Person;
  /** Read before the password was checked. */
  readonly authEpoch: number;
}

/** The password of a user, as it came with a credential of one of their sessions. */
interface PasswordAgain {
  readonly user: string;
  readonly session: string;
  readonly password: string;
  /** `null` where it is not known. */
  readonly address: string | null;
}

/**
 * Checks the password of the signed-in user: wrong ones are throttled and recorded as at sign-in.
 * Where no address is known the session has a count of its own, so that nobody without its credential can keep its user
 * from resuming it.
 *
 * @returns the refusal to answer with when it is not theirs.
 * @see ASVS 5.0 6.3.1, 16.3.1
 */
export async function confirmPassword(
  parts: Dependencies,
  c: Context,
  { user: id, session, password, address }: PasswordAgain,
): Promise<ProvedAgain | Refusal> {
  const user = await parts.accounts.byId(id);
  const account = user?.username ?? id;
  const attempt = await parts.throttle.attempt(account, address ?? `session ${session}`, async () => {
    const { authEpoch } = await parts.log.account(id);
    return (await parts.accounts.confirmPassword(user?.id ?? null, password)) && user ? { user, authEpoch } : null;
  });
  if (attempt.ok) return attempt.value;
  const throttled = attempt.code === 'too_many_attempts';
  const kind = throttled ? 'reauthentication_throttled' : 'reauthentication_failed';
  await parts.securityLog.record({
    at: parts.clock(),
    kind,
    account,
    ...(address !== null && { address }),
    user: id,
  });
  return throttled ? tooManyAttempts(c, attempt.retryAfter) : problem(c, 'invalid_credentials');
}
