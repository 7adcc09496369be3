import type { TransactionalWrite } from '../store/eventLog.ts';
import type { SessionDependencies } from './dependencies.ts';
import { revokeSessions, type Revocation, type Revoked } from './revocation.ts';

/** Whom to erase, and what has to hold in that moment. */
export interface Erasure extends Pick<Revocation, 'user' | 'by' | 'asking' | 'authEpoch'> {
  /** The write that deletes the account. Default none. */
  readonly account?: TransactionalWrite;
}

type Subset = Pick<SessionDependencies, 'log' | 'clock' | 'write' | 'vault' | 'drafts' | 'references' | 'people'> & {
  /** The write that deletes what the application keeps of a user. Default none. */
  readonly eraseUserData?: (user: string) => TransactionalWrite;
};

/**
 * Ends every session of a user and erases what is kept of them, in one append: a crash leaves all of it or nothing. Their
 * id is remembered as erased.
 *
 * @returns as `revokeSessions` does
 */
export function eraseUser(parts: Subset, { account, ...rest }: Erasure): Promise<Revoked> {
  const { user } = rest;
  const { vault, drafts, log, references, people } = parts;
  return revokeSessions(parts, {
    ...rest,
    reason: 'deleted',
    writes: [
      ...(account ? [account] : []),
      vault.eraseWrite(user),
      drafts.eraseWrite(user),
      log.eraseDevicesWrite(user),
      references.eraseWrite(user),
      people.eraseWrite(user, parts.clock()),
      ...(parts.eraseUserData ? [parts.eraseUserData(user)] : []),
    ],
  });
}
