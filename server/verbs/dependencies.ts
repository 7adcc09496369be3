import type { Accounts } from '../accounts/accounts.ts';
import type { HttpDependencies } from '../http/dependencies.ts';
import type { Sealing } from '../keys/sealing.ts';
import type { TransactionalWrite } from '../store/eventLog.ts';

/** What the verbs need. */
export interface VerbDependencies extends HttpDependencies {
  readonly accounts: Accounts;
  /** Encrypts what waits for a browser. */
  readonly sealing: Sealing;
  /** The write that deletes what the application keeps of a user. Default none. */
  readonly eraseUserData?: (user: string) => TransactionalWrite;
}
