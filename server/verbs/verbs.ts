import { applyPolicy, type AppliedPolicy, type ApplyPolicy } from './applyPolicy.ts';
import type { ActiveSession } from '../http/activeSession.ts';
import { authenticateWith, sessionOf, type Authenticate } from './authenticate.ts';
import { backChannelLogout, type BackChannelLogout } from './backChannelLogout.ts';
import type { Answered, Carrier } from './carrier.ts';
import type { VerbDependencies } from './dependencies.ts';
import { erase, type Erase } from './erase.ts';
import { revoke, type RevocationTarget, type Revoke, type RevokedSessions } from './revoke.ts';
import { sessions, type ListedSession, type ListSessions } from './sessions.ts';
import { signIn, type SignedIn, type SignIn } from './signIn.ts';
import { signOut, type SignedOut, type SignOut } from './signOut.ts';

/** What an application's own code does with sessions. */
export interface Verbs {
  /**
   * Signs in a person whose proof the application has checked. @see signIn
   *
   * @example
   *   const { ok } = await curfew.signIn(c, { user: 'user-1', method: ['pwd'], authenticatedAt: Date.now() });
   */
  readonly signIn: (carrier: Carrier, given: SignIn) => Promise<Answered<SignedIn>>;
  /**
   * Judges a request as `protect` does, where there is no Hono: in a route of Next, in Express, before a socket.
   *
   * @example
   *   const answer = await curfew.authenticate(request);
   *   if (!answer.ok) return answer.response;
   */
  readonly authenticate: Authenticate;
  /** Tells whose session a request belongs to, or `null`. It never counts as activity. @see sessionOf */
  readonly session: (carrier: Carrier) => Promise<ActiveSession | null>;
  /** Signs out the session whose credential a request carries. @see signOut */
  readonly signOut: (carrier: Carrier, given?: SignOut) => Promise<Answered<SignedOut>>;
  /**
   * Ends sessions from any code. @see revoke
   *
   * @example
   *   await curfew.revoke({ user: 'user-1' }, { reason: 'password reset by e-mail' });
   */
  readonly revoke: (target: RevocationTarget, given: Revoke) => Promise<RevokedSessions>;
  /** Ends every session of a user and erases what is kept of them. @see erase */
  readonly erase: (given: Erase) => Promise<RevokedSessions>;
  /** Lists the sessions of a user. @see sessions */
  readonly sessions: (given: ListSessions) => Promise<readonly ListedSession[]>;
  /** Applies the policy that is now in force for a user to the sessions they have. @see applyPolicy */
  readonly applyPolicy: (given: ApplyPolicy) => Promise<AppliedPolicy>;
  /** Takes what an identity provider sends when a user logs out there. @see backChannelLogout */
  readonly backChannelLogout: (carrier: Carrier, given: BackChannelLogout) => Promise<Answered<RevokedSessions>>;
}

/** Makes the verbs of one application. */
export const createVerbs = (parts: VerbDependencies): Verbs => ({
  signIn: (carrier, given) => signIn(parts, carrier, given),
  authenticate: authenticateWith(parts),
  session: (carrier) => sessionOf(parts, carrier),
  signOut: (carrier, given) => signOut(parts, carrier, given),
  revoke: (target, given) => revoke(parts, target, given),
  erase: (given) => erase(parts, given),
  sessions: (given) => sessions(parts, given),
  applyPolicy: (given) => applyPolicy(parts, given),
  backChannelLogout: (carrier, given) => backChannelLogout(parts, carrier, given),
});
