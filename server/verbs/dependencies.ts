import type { Accounts } from '../accounts/accounts.ts';
import type { HttpDependencies } from '../http/dependencies.ts';
import type { TransactionalWrite } from '../store/eventLog.ts';

/** What the verbs need. */
export interface VerbDependencies extends HttpDependencies {
  readonly accounts: Accounts;
  /** The write that deletes what the application keeps of a user. Default none. */
  readonly eraseUserData?: (user: string) => TransactionalWrite;
}
