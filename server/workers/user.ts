import type { Instant } from '../../machines/index.ts';
import type {
  Admission,
  AdmissionState,
  Appended,
  Change,
  LogEntry,
  RevocationOfAll,
  SessionQuery,
  Stored,
} from '../store/eventLog.ts';
import type { Reference } from '../store/references.ts';
import type { User } from '../store/users.ts';
import type { ObjectVerbs } from './objectVerbs.ts';
import type { OperatorCommands } from './operatorCommands.ts';
import { UserObject } from './userObject.ts';
import type { AppliedPolicy, ApplyPolicy } from '../verbs/applyPolicy.ts';
import type { BackChannelLogout } from '../verbs/backChannelLogout.ts';
import type { Answered } from '../verbs/carrier.ts';
import type { Erase } from '../verbs/erase.ts';
import type { BeginHandOver, BegunHandOver, HandedOver, HandOver, TakenOver } from '../verbs/handOver.ts';
import type { RevokedSessions } from '../verbs/revoke.ts';
import type { FindSessions, FoundSessions, ListedSession, ListSessions } from '../verbs/sessions.ts';
import type { SignedOut, SignOut } from '../verbs/signOut.ts';

/**
 * One user: sessions, their logs, preserved work and the password, in one object that does one thing after the other. Its
 * alarm is the next deadline.
 */
export class CurfewUser extends UserObject {
  /** For the application's code: `curfewOf` calls it. */
  async signIn(...given: Parameters<ObjectVerbs['signIn']>): ReturnType<ObjectVerbs['signIn']> {
    return (await this.opened()).verbs.signIn(...given);
  }

  /** For the application's code: `curfewOf` calls it. */
  async signOut(request: Request, given?: SignOut): Promise<Answered<SignedOut>> {
    return (await this.opened()).verbs.own.signOut(request, given);
  }

  /** For the application's code: `curfewOf` calls it. */
  async revoke(...given: Parameters<ObjectVerbs['revoke']>): ReturnType<ObjectVerbs['revoke']> {
    return (await this.opened()).verbs.revoke(...given);
  }

  /** For the application's code: `curfewOf` calls it. */
  async erase(given: Erase): Promise<RevokedSessions> {
    return (await this.opened()).verbs.own.erase(given);
  }

  /** For the application's code: `curfewOf` calls it. */
  async applyPolicy(given: ApplyPolicy): Promise<AppliedPolicy> {
    return (await this.opened()).verbs.own.applyPolicy(given);
  }

  /** For the application's code: `curfewOf` calls it. */
  async listSessions(given: ListSessions): Promise<readonly ListedSession[]> {
    return (await this.opened()).verbs.own.sessions(given);
  }

  /** For the application's code: `curfewOf` calls it. */
  async findSessions(given: FindSessions): Promise<FoundSessions> {
    return (await this.opened()).verbs.findSessions(given);
  }

  /** For the application's code: `curfewOf` calls it. */
  async backChannelLogout(
    request: Request,
    verify: BackChannelLogout['verify'],
    user: BackChannelLogout['user'],
  ): Promise<Answered<RevokedSessions>> {
    return (await this.opened()).verbs.backChannelLogout(request, {
      // What comes from elsewhere is no function, and can be called like one.
      verify: async (token) => verify(token),
      ...(user && { user: async (claims) => user(claims) }),
    });
  }

  /** For the application's code: `curfewOf` calls it. */
  async beginHandOver(request: Request, given?: BeginHandOver): Promise<Answered<BegunHandOver>> {
    return (await this.opened()).verbs.all.beginHandOver(request, given);
  }

  /** For the application's code: `curfewOf` calls it. */
  async handOver(request: Request, given: HandOver): Promise<Answered<HandedOver>> {
    return (await this.opened()).verbs.all.handOver(request, given);
  }

  /** For the application's code: `curfewOf` calls it. */
  async takeOver(request: Request): Promise<Answered<TakenOver>> {
    return (await this.opened()).verbs.all.takeOver(request);
  }

  /** Ends what belongs to a session at a provider, and refuses until an instant what may come. @returns the sessions */
  async logOutReference(reference: Reference, until: Instant): Promise<readonly string[]> {
    return (await this.opened()).verbs.logOutReference(reference, until);
  }

  /** The account of a user who signs in, once every end of all sessions has come here. */
  async accountOnceEnrolled(user: string): Promise<AdmissionState> {
    return (await this.opened()).accountOnceEnrolled(user);
  }

  /** For an operator. */
  async idOf(name: string): Promise<string | null> {
    return (await this.opened()).idOf(name);
  }

  /** For an operator. */
  async changeUser(...given: Parameters<OperatorCommands['users']>): ReturnType<OperatorCommands['users']> {
    return (await this.opened()).operator.users(...given);
  }

  /** For an operator. */
  async endUser(...given: Parameters<OperatorCommands['endUser']>): Promise<number> {
    return (await this.opened()).operator.endUser(...given);
  }

  /** For an operator. */
  async endSession(...given: Parameters<OperatorCommands['endSession']>): Promise<boolean> {
    return (await this.opened()).operator.endSession(...given);
  }

  /** For an operator. */
  async endSince(...given: Parameters<OperatorCommands['endSince']>): Promise<number> {
    return (await this.opened()).operator.endSince(...given);
  }

  /** For an operator. */
  async listUsers(): ReturnType<OperatorCommands['list']> {
    return (await this.opened()).operator.list();
  }

  /** For an operator. */
  async makeCheckpoint(): Promise<readonly string[]> {
    return (await this.opened()).operator.checkpoint();
  }

  /** For an operator. */
  async audit(...given: Parameters<OperatorCommands['audit']>): ReturnType<OperatorCommands['audit']> {
    return (await this.opened()).operator.audit(...given);
  }

  /** Ends every session, together with those of all others. @returns how many have ended by it */
  async revokeAll(revocation: RevocationOfAll): Promise<number> {
    return (await this.opened()).revokeAll(revocation);
  }

  /** Ends a session whose cookie a sign-in of another user has replaced. */
  async displace(session: string, by: string): Promise<void> {
    await (await this.opened()).displace(session, by);
  }

  /** For an administrator, in the object of theirs. */
  async loadSession(id: string): Promise<Stored | null> {
    return (await this.opened()).log.load(id);
  }

  /** For an administrator, in the object of theirs. */
  async readEntries(id: string, after: number, limit: number): Promise<readonly LogEntry[]> {
    return (await this.opened()).log.read(id, after, limit);
  }

  /** For an administrator, in the object of theirs. */
  async accountOf(user: string): Promise<AdmissionState> {
    return (await this.opened()).log.account(user);
  }

  /** For an administrator, in the object of theirs. */
  async sessionsOf(user: string, endedSince?: Instant): Promise<readonly Stored[]> {
    return (await this.opened()).log.sessionsOf(user, endedSince);
  }

  /** For an administrator, in the object of theirs. */
  async pageOf(user: string, query: SessionQuery, limit: number): Promise<readonly Stored[]> {
    return (await this.opened()).log.pageOf(user, query, limit);
  }

  /** For an administrator, in the object of theirs. */
  async appendChanges(changes: readonly Change[], admission?: Admission): Promise<Appended> {
    return (await this.opened()).log.append(changes, admission);
  }

  /** For an administrator, in the object of theirs. */
  async userById(id: string): Promise<User | null> {
    return (await this.opened()).users.byId(id);
  }

  /** For an administrator, in the object of theirs. */
  async userByName(name: string): Promise<User | null> {
    return (await this.opened()).users.byName(name);
  }
}
