import type { Context } from 'hono';
import { problem, type Refusal } from '../http/problem.ts';
import type { Dependencies } from './dependencies.ts';
import type { Proved } from './signInElsewhere.ts';
import { tooManyAttempts } from './tooManyAttempts.ts';

/**
 * Checks a user name and a password; what fails is throttled and recorded.
 *
 * @returns the refusal to answer with where they do not belong together
 */
export async function proveByPassword(
  parts: Dependencies,
  c: Context,
  {
    username,
    password,
    address,
  }: { readonly username: string; readonly password: string; readonly address: string | null },
): Promise<Proved | Refusal> {
  async function prove(): Promise<Proved | null> {
    const person = await parts.accounts.find(username);
    const id = person?.id ?? null;
    const { authEpoch } = await (parts.elsewhere?.account(id, username) ?? parts.log.account(id ?? ''));
    return (await parts.accounts.confirmPassword(id, password)) && person ? { person, authEpoch } : null;
  }
  const attempt = await parts.throttle.attempt(username, address, async () => {
    const proved = await prove();
    const account = proved && (await parts.elsewhere?.accountOnceEnrolled(proved.person.id));
    // An end of all sessions may have come only now, however long ago it was: the password is looked at after it.
    return account && account.authEpoch !== proved.authEpoch ? prove() : proved;
  });
  if (attempt.ok) return attempt.value;
  const throttled = attempt.code === 'too_many_attempts';
  const kind = throttled ? 'login_throttled' : 'login_failed';
  await parts.securityLog.record({
    at: parts.clock(),
    kind,
    account: username,
    ...(address !== null && { address }),
  });
  return throttled ? tooManyAttempts(c, attempt.retryAfter) : problem(c, 'invalid_credentials');
}
