import { AsyncLocalStorage } from 'node:async_hooks';
import type { Proved, SignInElsewhere } from '../routes/signInElsewhere.ts';
import type { EventLog } from '../store/eventLog.ts';
import { nameKey } from '../store/username.ts';
import { objectInPlace, objectOfUser, placeFor, type CurfewEnv } from './env.ts';
import { reach } from './reach.ts';

/** Where an object is. */
interface Here {
  readonly env: CurfewEnv;
  readonly place: string;
}

const proofs = new AsyncLocalStorage<Proved>();

/** Answers a sign-in whose password was right elsewhere. */
export const asProved = <Result>(proved: Proved, answer: () => Result): Result => proofs.run(proved, answer);

/**
 * Users of the application: a name signs in in an object of the name, which counts wrong passwords and keeps nothing, and
 * the session begins in the object of the user. The account is read from there before the password is looked at, so that a
 * change meanwhile makes the proof void; where nobody has the name, an object that keeps nothing is asked just so.
 */
export function signInElsewhere(
  log: EventLog,
  { env, place, accountOnceEnrolled }: Here & Pick<SignInElsewhere, 'accountOnceEnrolled'>,
): SignInElsewhere {
  const otherOf = (user: string) => {
    const at = placeFor(env, user);
    return at === place ? null : objectInPlace(env, at);
  };
  return {
    proved: () => proofs.getStore() ?? null,
    async account(id, username) {
      const other = id === null ? null : otherOf(id);
      if (other && id !== null) return reach(() => other.accountOf(id));
      const nobody = `unknown ${nameKey(username)}`;
      const account = await reach(() => objectOfUser(env, nobody).accountOf(nobody));
      return id === null ? account : log.account(id);
    },
    async accountOnceEnrolled(id) {
      const other = otherOf(id);
      return other ? reach(() => other.accountOnceEnrolled(id)) : accountOnceEnrolled(id);
    },
    async complete(c, { person: { id, username, role }, authEpoch }) {
      const other = otherOf(id);
      if (!other) return null;
      const { url, headers } = c.req.raw;
      const request = new Request(url, { method: 'POST', headers, body: await c.req.text() });
      const person = { id, username, ...(role !== undefined && { role }) };
      return reach(() => other.completeSignIn(request, { person, authEpoch }));
    },
  };
}
