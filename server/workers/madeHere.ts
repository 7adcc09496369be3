import type { Accounts } from '../accounts/accounts.ts';
import type { Enrolment } from './enrolment.ts';
import { placeOfName, type CurfewEnv } from './env.ts';

/** Where accounts are made. */
interface Here {
  readonly env: CurfewEnv;
  readonly place: string;
  readonly enrolment: Enrolment;
}

/**
 * Makes accounts only in the object of their name: anywhere else, it would not be known that the name is another's. Who
 * has one, and whose table it is in, has enrolled: what is read of the account from then on is as it is.
 */
export function madeHere(accounts: Accounts, { env, place, enrolment }: Here): Accounts {
  async function inPlace(username: string, make: () => ReturnType<NonNullable<Accounts['add']>> | undefined) {
    if (placeOfName(env, username) !== place) throw new Error('an account can be made in the object of its name alone');
    const made = (await make()) ?? 'username_taken';
    if (made === 'registered') await enrolment.enrol();
    return made;
  }
  return {
    ...accounts,
    ...(accounts.add && { add: (...given) => inPlace(given[1], () => accounts.add?.(...given)) }),
    ...(accounts.register && { register: (...given) => inPlace(given[1], () => accounts.register?.(...given)) }),
  };
}
