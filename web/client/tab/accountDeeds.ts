import type { Instant, TabContext, TabEvent } from '../../../machines/index.ts';
import type { Client } from '../http/client.types.ts';
import { Refused, refusalIn } from '../http/problem.ts';
import { isNothing, isVaultKeys } from '../http/wire.ts';
import type { Work } from '../work/work.types.ts';
import type { PasswordChange } from './account.ts';

/** What the deeds are done with. */
export interface AccountDeedsPorts {
  readonly client: Client;
  readonly work: Work;
  readonly context: () => TabContext;
  /** The server's clock. */
  readonly now: () => Instant;
  readonly send: (event: TabEvent) => void;
  /** As in `/api`. */
  readonly basePath: string;
  readonly saveFile: (file: File) => void;
}

/** What a signed-in user can have done to their account. Each throws `Refused` when it did not work. */
export interface AccountDeeds {
  readonly changePassword: (change: PasswordChange) => Promise<void>;
  readonly deleteAccount: (how: string | (() => Promise<Response>)) => Promise<void>;
  readonly downloadData: () => Promise<void>;
}

/** The name that the server gives to a file. Pages of other origins may not be told. */
const nameIn = ({ headers }: Response): string =>
  /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? 'curfew-data.json';

/** What is done to the account for one tab. */
export function accountDeeds(ports: AccountDeedsPorts): AccountDeeds {
  const { client, work, context, now, send, basePath, saveFile } = ports;

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

  return { changePassword, deleteAccount, downloadData };
}
