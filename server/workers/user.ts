import { DurableObject } from 'cloudflare:workers';
import type { Instant } from '../../machines/index.ts';
import type { Admission, AdmissionState, Appended, Change, LogEntry, SessionQuery, Stored } from '../store/eventLog.ts';
import type { User } from '../store/users.ts';
import type { CurfewEnv, WorkersOptions } from './env.ts';
import type { Judged, JudgeOptions } from './protect.ts';
import { openUser, type OpenUser } from './openUser.ts';
import { unavailable } from './unavailable.ts';

/**
 * One user: sessions, their logs, preserved work and the password, in one object that does one thing after the other. Its
 * alarm is the next deadline.
 */
export class CurfewUser extends DurableObject<CurfewEnv> {
  #opened: Promise<OpenUser> | null = null;

  /** The options of `createCurfew`, as far as there are such here; an application overrides it. */
  options(): WorkersOptions {
    return {};
  }

  #open(): Promise<OpenUser> {
    this.#opened ??= openUser(this.ctx, this.env, this.options()).catch((error: unknown) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  /** Answers what is for Curfew's routes. */
  async fetch(request: Request): Promise<Response> {
    try {
      return await (await this.#open()).fetch(request);
    } catch (error) {
      return unavailable(error);
    }
  }

  /** Judges a request that the application answers. */
  async judge(request: Request, options: JudgeOptions): Promise<Judged> {
    try {
      return await (await this.#open()).judge(request, options);
    } catch (error) {
      return { ok: false, response: unavailable(error) };
    }
  }

  /** Ends a session whose cookie a sign-in of another user has replaced. */
  async displace(session: string, by: string): Promise<void> {
    await (await this.#open()).displace(session, by);
  }

  /** For an administrator, in the object of theirs. */
  async loadSession(id: string): Promise<Stored | null> {
    return (await this.#open()).log.load(id);
  }

  /** For an administrator, in the object of theirs. */
  async readEntries(id: string, after: number, limit: number): Promise<readonly LogEntry[]> {
    return (await this.#open()).log.read(id, after, limit);
  }

  /** For an administrator, in the object of theirs. */
  async accountOf(user: string): Promise<AdmissionState> {
    return (await this.#open()).log.account(user);
  }

  /** For an administrator, in the object of theirs. */
  async sessionsOf(user: string, endedSince?: Instant): Promise<readonly Stored[]> {
    return (await this.#open()).log.sessionsOf(user, endedSince);
  }

  /** For an administrator, in the object of theirs. */
  async pageOf(user: string, query: SessionQuery, limit: number): Promise<readonly Stored[]> {
    return (await this.#open()).log.pageOf(user, query, limit);
  }

  /** For an administrator, in the object of theirs. */
  async appendChanges(changes: readonly Change[], admission?: Admission): Promise<Appended> {
    return (await this.#open()).log.append(changes, admission);
  }

  /** For an administrator, in the object of theirs. */
  async userById(id: string): Promise<User | null> {
    return (await this.#open()).users.byId(id);
  }

  /** For an administrator, in the object of theirs. */
  async userByName(name: string): Promise<User | null> {
    return (await this.#open()).users.byName(name);
  }

  /** Steps what is due. */
  async alarm(): Promise<void> {
    await (await this.#open()).ring();
  }
}
