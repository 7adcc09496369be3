import type { Duration } from '../../machines/index.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { CheckpointFolder } from '../audit/checkpoints.ts';
import type { Attestations } from '../keys/attestations.ts';
import type { Sealing } from '../keys/sealing.ts';
import type { TokenKeys } from '../keys/signingKeys.ts';
import type { ExportUserData } from '../session/applicationData.ts';
import type { OnEnd } from '../session/tellEnds.ts';
import type { AuditReader } from '../store/auditReader.ts';
import type { Ends } from '../store/ends.ts';
import type { TransactionalWrite } from '../store/eventLog.ts';
import type { Throttle } from '../throttle/throttle.ts';
import type { HttpDependencies } from '../http/dependencies.ts';
import type { SignInElsewhere } from './signInElsewhere.ts';
import type { Streamed } from './streamed.ts';
import type { WaysOption } from './ways.ts';

/** Everything the server is made of; what a function needs of it is its first argument. */
export interface Dependencies extends HttpDependencies {
  readonly accounts: Accounts;
  readonly throttle: Throttle;
  /** Where users are kept elsewhere than where their names sign in. Default they are here. */
  readonly elsewhere?: SignInElsewhere;
  /** Says in which ways a user can sign in again; `null` for the password alone, where there are passwords. */
  readonly ways: WaysOption | null;
  /**
   * The write that deletes what the application keeps of a user, in the transaction that deletes the user. Default
   * none.
   */
  readonly eraseUserData?: (user: string) => TransactionalWrite;
  /** Returns what the application keeps of a user, for the file with all of it; `null` where it adds nothing. */
  readonly exportUserData: ExportUserData | null;
  readonly keys: TokenKeys;
  /** Encrypts what waits for a browser. */
  readonly sealing: Sealing;
  /** Signs what is stated about the log. */
  readonly attestations: Attestations;
  /** The outbox of ends. */
  readonly ends: Ends;
  /** Is told of every session that ends; `null` where nobody is. */
  readonly onEnd: OnEnd | null;
  /** Tells of the ends that are due. Default: they are forgotten. */
  readonly tellEnds?: () => Promise<void>;
  /**
   * Is given an event stream that was let in. Default none is taken.
   *
   * @returns whether it is told from elsewhere; then only the head of the answer is made here
   */
  readonly takeStream?: (streamed: Streamed) => boolean;
  /** How long ended sessions and their logs are kept, in ms. */
  readonly retention: Duration;
  /** Reads everything that is stored, for an audit. */
  readonly auditReader: AuditReader;
  /** Where the sweeper keeps signed checkpoints, `null` when it makes none. */
  readonly checkpoints: CheckpointFolder | null;
  /** Says why this node should get no requests just now, `null` when it may; rejects where it cannot even write. */
  readonly whyNotReady: () => Promise<string | null>;
  /** What an operator should know all the same, in one line each. */
  readonly warnings: () => Promise<readonly string[]>;
}
