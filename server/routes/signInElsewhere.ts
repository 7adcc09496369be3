import type { Context } from 'hono';
import type { Person } from '../accounts/accounts.ts';
import type { AdmissionState } from '../store/eventLog.ts';

/** A user whose password was just right, with the epoch of the account as it was read before. */
export interface Proved {
  readonly person: Person;
  readonly authEpoch: number;
}

/** Where a name signs in elsewhere than where the sessions of its user are kept. */
export interface SignInElsewhere {
  /** The account of a user, wherever it is; it takes as long for a name that nobody has. */
  readonly account: (id: string | null, username: string) => Promise<AdmissionState>;
  /** The account of a user whose password was right, once every end of all sessions has come to where it is. */
  readonly accountOnceEnrolled: (id: string) => Promise<AdmissionState>;
  /** What was proved elsewhere of the request that is being answered, `null` where nothing was. */
  readonly proved: () => Proved | null;
  /** Has the request answered where the user is. @returns `null` where that is here */
  readonly complete: (c: Context, proved: Proved) => Promise<Response | null>;
}
