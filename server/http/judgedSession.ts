import { methodsOf, proofOf, viewOf, type Instant, type SessionView } from '../../machines/index.ts';
import type { Stored } from '../store/eventLog.ts';
import type { ActiveSession, KnownPerson } from './activeSession.ts';
import { endSignalOf, type EndSignalDependencies } from './endSignals.ts';

/** What has let a request in. */
interface Judge {
  readonly again: ActiveSession['check'];
}

/**
 * The session of a request that was let in. Most routes ask for no more than whose it is: what else there is to know is made
 * when it is asked for, and what is watched is watched then, and not when it is shown.
 */
export class JudgedSession implements ActiveSession {
  readonly id: string;
  readonly user: string;
  readonly name: string | null;
  readonly role: string | null;
  readonly #parts: EndSignalDependencies;
  readonly #stored: Stored;
  readonly #at: Instant;
  readonly #judge: Judge;
  #view: SessionView | null = null;

  constructor(parts: EndSignalDependencies, stored: Stored, { name, role }: KnownPerson, at: Instant, judge: Judge) {
    this.id = stored.id;
    this.user = stored.state.context.user;
    this.name = name;
    this.role = role;
    this.#parts = parts;
    this.#stored = stored;
    this.#at = at;
    this.#judge = judge;
  }

  /** Whether something is a session that was judged with these dependencies: an application may have two of Curfew's. */
  static isOf(parts: EndSignalDependencies, session: unknown): session is JudgedSession {
    return session instanceof JudgedSession && session.#parts === parts;
  }

  /** Whether something is a session that was judged: the application may have something else of the same name. */
  static is(session: unknown): session is JudgedSession {
    return session instanceof JudgedSession;
  }

  get view(): SessionView {
    return (this.#view ??= viewOf(this.id, this.#stored.state, this.#at));
  }

  get method(): readonly string[] {
    return methodsOf(proofOf(this.#stored.state.context).method);
  }

  get check(): ActiveSession['check'] {
    return () => this.#judge.again();
  }

  get signal(): AbortSignal {
    return endSignalOf(this.#parts, this.id);
  }

  /** What is shown of it: as if all of it were there. */
  toJSON(): Pick<ActiveSession, 'id' | 'user' | 'name' | 'role' | 'view' | 'method'> {
    const { id, user, name, role, view, method } = this;
    return { id, user, name, role, view, method };
  }
}

const elsewhere = new WeakSet<object>();

/** Notes that a session was judged in another process, or object, and can be judged there again. */
export function judgedElsewhere<Session extends ActiveSession>(session: Session): Session {
  elsewhere.add(session);
  return session;
}

/** Whether something is a session that was judged, wherever that was. */
export const isJudged = (session: unknown): session is ActiveSession =>
  JudgedSession.is(session) || (typeof session === 'object' && session !== null && elsewhere.has(session));
