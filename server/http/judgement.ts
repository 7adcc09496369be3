import type { Context } from 'hono';
import { isFreshlyAuthenticated, type Duration, type Instant } from '../../machines/index.ts';
import { sinceNow } from '../session/turns.ts';
import type { Stored } from '../store/eventLog.ts';
import type { KnownPerson } from './activeSession.ts';
import type { HttpDependencies } from './dependencies.ts';
import { judgeCopy, type JudgedCopy } from './judgeCopy.ts';
import { JudgedSession } from './judgedSession.ts';
import { judgeSession, type AcceptOptions } from './judgeSession.ts';
import type { Credential } from './presented.ts';
import { problem } from './problem.ts';
import type { RouteEnv } from './requireSession.ts';
import { statusOf } from './status.ts';

/** How a route judges its requests. */
export interface RequireOptions extends AcceptOptions {
  /** Whether requests here can keep a session alive: the application's own routes. */
  readonly counts: boolean;
  /** Reads the name and the role of the user. Default `false`: on Curfew's own routes they are not known. */
  readonly persons?: boolean;
  /** Whether a copy of the session may let a request in. Default `false`: it is read each time. */
  readonly copies?: boolean;
  /** Refuses, with `reauthentication_required`, a session whose proof is older, in ms. Default any. */
  readonly recent?: Duration;
}

/** What a request presents, and when it came. */
export interface Received {
  readonly who: Credential;
  readonly receivedAt: Instant;
}

const nobody: KnownPerson = { name: null, role: null };

const never = (): boolean => false;

/** Judges one request, and sets `session` and `stored` when it lets it in. */
export class Judgement implements Received {
  readonly who: Credential;
  readonly receivedAt: Instant;
  /** Whether it was refused when it was judged again. */
  isRefused = false;
  readonly #parts: HttpDependencies;
  readonly #c: Context<RouteEnv>;
  readonly #options: RequireOptions;
  /** Whether what was read of the session may be out of date. What a copy says is asked anew in any case. */
  #mayHaveChanged = never;
  #isCopy = false;
  #mark = 0;

  constructor(parts: HttpDependencies, c: Context<RouteEnv>, options: RequireOptions, { who, receivedAt }: Received) {
    this.#parts = parts;
    this.#c = c;
    this.#options = options;
    this.who = who;
    this.receivedAt = receivedAt;
  }

  /**
   * Judges it by copies of its session and its user.
   *
   * @param mark what the store has said of them since the request came; by default it is asked
   * @returns `false` where they have to be read.
   */
  byCopies(mark?: number | null): boolean {
    const copy = this.#copy(mark);
    const person = copy?.person ?? (this.#options.persons ? undefined : nobody);
    if (!copy || !person) return false;
    this.#letInBy(copy, person);
    return true;
  }

  /** The same where the user has to be read, and that alone. */
  async byCopy(): Promise<boolean> {
    if (!this.#copy()) return false;
    const person = await this.#parts.personOf(this.who.claims.sub);
    // Something may have happened to the session meanwhile.
    const copy = this.#copy();
    if (copy) this.#letInBy(copy, person);
    return copy !== null;
  }

  #copy(mark?: number | null): JudgedCopy | null {
    const { copies = false } = this.#options;
    return copies ? judgeCopy(this.#parts, this.who.claims, this.#options, mark) : null;
  }

  #letInBy({ mark, stored, at }: JudgedCopy, person: KnownPerson): void {
    this.#letIn(stored, person, at);
    this.#isCopy = true;
    this.#mark = mark;
  }

  /** Whether what was let in may still be answered, or `late` has to be asked first. */
  mayLeave(): boolean {
    const { belief } = this.#parts;
    return (belief === undefined || belief.holds()) && this.#isCopyGood();
  }

  /** @returns the refusal to answer with in its place, or `null`; rejects where nothing that was read counts any more. */
  async late(): Promise<Response | null> {
    const { belief } = this.#parts;
    if (belief?.holds() === false) await belief.renew();
    return this.#isCopyGood() ? null : this.again();
  }

  #isCopyGood(): boolean {
    const { copies } = this.#parts;
    return !this.#isCopy || copies === null || copies.holds(this.#mark);
  }

  /** Judges it for the first time. @returns the refusal to answer with, or `null`. */
  async judge(): Promise<Response | null> {
    const refused = await this.#read(this.who.claims.sid);
    this.#mayHaveChanged = sinceNow();
    return refused;
  }

  /** Judges it once more. @returns the refusal to answer with, or `null`. */
  async again(): Promise<Response | null> {
    if (this.byCopies() || (await this.byCopy())) return null;
    // A body that was there at once left no time for anything to happen; one that was waited for did.
    const isKnown = !this.#isCopy && !this.#mayHaveChanged();
    const refused = await this.#read(isKnown ? this.#c.get('stored') : this.who.claims.sid);
    this.isRefused = refused !== null;
    return refused;
  }

  async #read(known: string | Stored): Promise<Response | null> {
    const { persons = false, recent } = this.#options;
    const judged = await judgeSession(this.#parts, this.#c, this.who, this.#options, known);
    if (judged instanceof Response) return judged;
    const { state, at } = judged;
    if (recent !== undefined && !isFreshlyAuthenticated(state.context, at, recent))
      return problem(this.#c, 'reauthentication_required', { headers: { 'Session-Status': statusOf(state, at) } });
    this.#letIn(judged, persons ? await this.#parts.personOf(this.who.claims.sub) : nobody, at);
    return null;
  }

  #letIn(stored: Stored, person: KnownPerson, at: Instant): void {
    this.#c.set('stored', stored);
    this.#c.set('session', new JudgedSession(this.#parts, stored, person, at, this));
    this.isRefused = false;
  }
}
