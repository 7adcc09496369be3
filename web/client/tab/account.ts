import type { Instant, Reproof, TabContext, TabEvent, TabProblem } from '../../../machines/index.ts';
import type { Client } from '../http/client.types.ts';
import { Refused, refusalIn } from '../http/problem.ts';
import type { Entering } from './entering.ts';
import type { Proof } from './proof.types.ts';
import { isNothing, isVaultKeys } from '../http/wire.ts';
import type { Work } from '../work/work.types.ts';

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
export interface AccountPorts {
  readonly client: Client;
  readonly work: Work;
  readonly entering: Pick<Entering, 'proveAgain'>;
  readonly reproofOf: (proof: Proof) => Reproof;
  readonly context: () => TabContext;
  /** The server's clock. */
  readonly now: () => Instant;
  readonly send: (event: TabEvent) => void;
  /** As in `/api`. */
  readonly basePath: string;
  readonly saveFile: (file: File) => void;
}

/** The name that the server gives to a file. Pages of other origins may not be told. */
const nameIn = ({ headers }: Response): string =>
  /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? 'curfew-data.json';

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
export function createAccount(ports: AccountPorts): AccountActions {
  const { client, work, entering, reproofOf, context, now, send, basePath, saveFile } = ports;

  async function changePassword(change: PasswordChange): Promise<void> {
    const open = work.opening();
    await client.call('/password', isNothing, { method: 'POST', json: change });
    // New work is encrypted with the new key; without it, the one of before still serves.
    const keys = await client.call('/vault-key', isVaultKeys).catch(() => null);
    const { user, view } = context();
    if (keys && user && view) await open({ user, session: view, ...keys });
  }

  async function deleteBy(how: string | (() => Promise<Response>)): Promise<void> {
    if (typeof how === 'string') {
      await client.call('/me', isNothing, { method: 'DELETE', json: { password: how } });
      return;
    }
    const response = await how();
    if (!response.ok) throw await refusalIn(response, now());
  }

  async function deleteAccount(how: string | (() => Promise<Response>)): Promise<void> {
    const id = context().view?.id;
    send({ type: 'deletion.began' });
    try {
      await deleteBy(how);
    } catch (error) {
      send({ type: 'deletion.failed' });
      throw error;
    }
    await work.delete(id);
    // Another user may have signed in meanwhile.
    if (context().view?.id !== id) return;
    send({ type: 'signOut.asked', forgetDevice: true });
    // Where the end was heard of first, no user is left to sign out.
    send({ type: 'signIn.chosen' });
  }

  async function downloadData(): Promise<void> {
    const id = context().view?.id;
    const response = await client.fetch(`${basePath}/auth/me/export`, { activity: 'background' });
    if (!response.ok) throw await refusalIn(response, now());
    const body = await response.blob().catch(() => null);
    // It broke off: what has come is not whole.
    if (body === null) throw new Refused('network', now());
    // Another user may have signed in meanwhile.
    if (context().view?.id !== id) throw new Refused('cancelled', now());
    saveFile(new File([body], nameIn(response), { type: 'application/json' }));
  }

  return {
    prove: (proof) => refusalOf(entering.proveAgain(reproofOf(proof))),
    changePassword: (change) => refusalOf(changePassword(change)),
    deleteAccount: (how) => refusalOf(deleteAccount(how)),
    downloadData: () => refusalOf(downloadData()),
  };
}
