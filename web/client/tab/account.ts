import type { Reproof, TabProblem } from '../../../machines/index.ts';
import { Refused } from '../http/problem.ts';
import type { AccountDeeds, AccountDeedsPorts } from './accountDeeds.ts';
import type { Entering } from './entering.ts';
import type { Later } from './loadLater.ts';
import type { Proof } from './proof.types.ts';

/** What a user fills in to change the password. */
export interface PasswordChange {
  readonly password: string;
  readonly newPassword: string;
  /** Leaves the other devices signed in. Default false. */
  readonly keepOthers?: boolean;
}

/** What a signed-in user can do about their account. Each returns the problem, `null` when it worked. */
export interface AccountActions {
  /** Re-authenticates the user, before something that needs a recent proof. @see ASVS 5.0 7.5.1 */
  readonly prove: (proof: Proof) => Promise<TabProblem | null>;
  /** Takes another password, and ends all other sessions unless they are to be kept. @see ASVS 5.0 7.4.3 */
  readonly changePassword: (change: PasswordChange) => Promise<TabProblem | null>;
  /**
   * Deletes the account and all that is kept of it, here and on the server, and leaves for the sign-in.
   *
   * @param how the password; or, for a user who has none, what asks a route of the application that erases them
   */
  readonly deleteAccount: (how: string | (() => Promise<Response>)) => Promise<TabProblem | null>;
  /**
   * Has the browser save everything that is kept of the user as one file. It needs a recent proof of who they are: without
   * one the problem is `reauthentication_required`, and `prove` comes first.
   *
   * @see GDPR art. 15 and 20, ASVS 5.0 7.5.1
   */
  readonly downloadData: () => Promise<TabProblem | null>;
}

/** What these are done with. */
export interface AccountPorts extends AccountDeedsPorts {
  readonly later: Later;
  readonly entering: Pick<Entering, 'proveAgain'>;
  readonly reproofOf: (proof: Proof) => Reproof;
}

/** A refusal as a value. @throws what is none: a bug. */
async function refusalOf(doing: Promise<unknown>): Promise<TabProblem | null> {
  try {
    await doing;
    return null;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

/** The account's actions for one tab. */
export function createAccount({ later, entering, reproofOf, ...ports }: AccountPorts): AccountActions {
  const does = async (act: (deeds: AccountDeeds) => Promise<void>) => {
    const { accountDeeds } = await later.load();
    await act(accountDeeds(ports));
  };
  return {
    prove: (proof) => refusalOf(entering.proveAgain(reproofOf(proof))),
    changePassword: (change) => refusalOf(does((deeds) => deeds.changePassword(change))),
    deleteAccount: (how) => refusalOf(does((deeds) => deeds.deleteAccount(how))),
    downloadData: () => refusalOf(does((deeds) => deeds.downloadData())),
  };
}
