import { DurableObject } from 'cloudflare:workers';
import { days, hours, minutes, seconds, type Duration, type Instant } from '../../machines/index.ts';
import { pseudonyms } from '../keys/pseudonyms.ts';
import { sqliteAttempts } from '../sqlite/attempts.ts';
import { sqliteOverview } from '../sqlite/overview.ts';
import { sqliteSecurityLog } from '../sqlite/securityLog.ts';
import { sqliteSingleUse } from '../sqlite/singleUse.ts';
import type { AttemptCounts, FailureRecord } from '../store/attempts.ts';
import type { RevocationOfAll, Stored } from '../store/eventLog.ts';
import type { AllQuery } from '../store/overview.ts';
import type { Reference } from '../store/references.ts';
import type { SecurityEvent, SecurityLog } from '../store/securityLog.ts';
import type { SingleUse } from '../store/singleUse.ts';
import { systemClock } from '../systemClock.ts';
import { forgottenAfter } from '../throttle/limits.ts';
import { databaseOf } from './database.ts';
import { enrolledPlaces } from './enrolled.ts';
import { objectInPlace, secretOf, type CurfewEnv } from './env.ts';
import { migrate } from './migrate.ts';
import type { OverviewRow } from './overview.ts';
import type { ObjectState } from './platform.ts';
import { reach } from './reach.ts';
import { countSessions, type SessionCounts } from './sessionCounts.ts';
import { referencePlaces } from './references.ts';

const refusalsKept: Duration = days(90);
const purgeEvery: Duration = hours(1);
/** What could not be done is tried again so much later. */
const retryAfter: Duration = seconds(5);
/** A try whose object has ended with it does not keep its place for ever. */
const longestTry: Duration = minutes(1);

/** What the overview keeps of a session. */
const columns = ['id', 'user', 'started_at', 'leaf', 'context', 'version', 'hash', 'due', 'ended_at'] as const;

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * What belongs to no one user: failed attempts by address, the log of what was refused, codes that count once, and an
 * overview of all sessions, which is a moment late and decides nothing. There is a fixed number of such objects.
 */
export class CurfewDirectory extends DurableObject<CurfewEnv> {
  readonly #database;
  readonly #securityLog: SecurityLog;
  readonly #codes: SingleUse;
  readonly #references;
  readonly #enrolled;
  #attempts;
  #enteredAt: Instant = 0;
  #hasAlarm = false;

  constructor(ctx: ObjectState, env: CurfewEnv) {
    super(ctx, env);
    migrate(ctx.storage);
    this.#database = databaseOf(ctx.storage);
    this.#attempts = sqliteAttempts(this.#database);
    this.#codes = sqliteSingleUse(this.#database);
    this.#references = referencePlaces(this.#database);
    this.#enrolled = enrolledPlaces(this.#database);
    this.#securityLog = sqliteSecurityLog(this.#database, pseudonyms(secretOf(env)));
  }

  /**
   * Counts an attempt under a key, if its counts are as expected; with `null` it only reads them.
   *
   * @returns the counts as they were
   */
  async enterAttempt(
    key: string,
    at: Instant,
    expected: AttemptCounts | null,
  ): Promise<{ readonly isEntered: boolean; readonly counts: AttemptCounts }> {
    if (at - this.#enteredAt > longestTry) this.#attempts = sqliteAttempts(this.#database);
    const { enters, counts } = await this.#attempts.enter(key, at, ({ failures, trying }) => {
      const there: AttemptCounts = { failures, trying };
      return { enters: expected !== null && isEqual(expected, there), counts: there };
    });
    if (enters) this.#enteredAt = at;
    return { isEntered: enters, counts };
  }

  /**
   * Ends an attempt, and stores its failures, if those of the key are as expected.
   *
   * @returns the failures as they were
   */
  async leaveAttempt(
    key: string,
    at: Instant,
    expected: FailureRecord | null,
    after: FailureRecord | null,
  ): Promise<{ readonly isLeft: boolean; readonly failures: FailureRecord | null }> {
    const { failures } = (await this.enterAttempt(key, at, null)).counts;
    if (!isEqual(expected, failures)) return { isLeft: false, failures };
    await this.#attempts.leave(key, at, () => after);
    await this.#purgeLater();
    return { isLeft: true, failures };
  }

  /** Adds to the log of what was refused. */
  async recordRefusal(event: SecurityEvent): Promise<void> {
    await this.#securityLog.record(event);
    await this.#purgeLater();
  }

  /** Takes what the object of a user tells of its sessions; what it knows better already stays. */
  async learn(rows: readonly OverviewRow[]): Promise<void> {
    const learn = this.#database.prepare(`
      insert into sessions (id, user, started_at, leaf, context, version, hash, due, ended_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (id) do update set leaf = excluded.leaf, context = excluded.context, version = excluded.version,
        hash = excluded.hash, due = excluded.due, ended_at = excluded.ended_at where excluded.version > version`);
    this.#database.transaction(() => {
      for (const row of rows) learn.run(...columns.map((name) => row[name] ?? null));
    });
    await this.#purgeLater();
  }

  /** Answers. */
  async isReady(): Promise<true> {
    return true;
  }

  /** Counts what was told. */
  async countSessions(): Promise<SessionCounts> {
    return { ...countSessions(this.#database, systemClock()), objects: this.#enrolled.count() };
  }

  /** A session was purged where it is. */
  async forget(id: string): Promise<void> {
    this.#database.prepare('delete from sessions where id = ?').run(id);
  }

  /** Finds sessions by what was told of them. */
  async searchSessions(query: AllQuery, limit: number): Promise<readonly Stored[]> {
    return sqliteOverview(this.#database).search(query, limit);
  }

  /** Keeps a value that can be taken once. @see SingleUse */
  async putCode(key: string, value: string, expiresAt: Instant, at: Instant): Promise<boolean> {
    await this.#purgeLater();
    return this.#codes.put(key, value, expiresAt, at);
  }

  /** Takes a value. @see SingleUse */
  async takeCode(key: string, at: Instant): Promise<string | null> {
    return this.#codes.take(key, at);
  }

  /** Reads a value. @see SingleUse */
  async readCode(key: string, at: Instant): Promise<string | null> {
    return this.#codes.read(key, at);
  }

  /** Notes that a user may have a session that belongs to one at a provider. @returns `false` when that was ended. */
  async bindReference(reference: Reference, place: string, at: Instant): Promise<boolean> {
    await this.#purgeLater();
    return this.#references.bind(reference, place, at);
  }

  /** Remembers that a provider has ended a session. @returns where the users are kept who may have one that belongs to it. */
  async logOutReference(reference: Reference, until: Instant): Promise<readonly string[]> {
    await this.#purgeLater();
    return this.#references.logOut(reference, until);
  }

  /** Takes down the object of a user before its first session begins. @returns the last end of all sessions */
  async enrol(place: string): Promise<RevocationOfAll | null> {
    return this.#enrolled.enrol(place);
  }

  /** Some of the objects that have enrolled, those after one. */
  async placesAfter(after: string, limit: number): Promise<readonly string[]> {
    return this.#enrolled.places(after, limit);
  }

  /**
   * Ends all sessions of some more of the users that have enrolled; to be asked until it has reached all. What is left
   * undone, the alarm does.
   */
  async revokeAll(revocation: RevocationOfAll): Promise<{ readonly ended: number; readonly isDone: boolean }> {
    this.#enrolled.begin(revocation);
    await this.ctx.storage.setAlarm(systemClock() + retryAfter);
    return this.#carryOn(revocation);
  }

  #carryOn(revocation: RevocationOfAll) {
    return this.#enrolled.carryOn(revocation, (place) =>
      reach(async () => objectInPlace(this.env, place)?.revokeAll(revocation) ?? 0),
    );
  }

  async #purgeLater(): Promise<void> {
    if (this.#hasAlarm) return;
    this.#hasAlarm = true;
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(systemClock() + purgeEvery);
  }

  /** Deletes what counts no more. */
  async alarm(): Promise<void> {
    for (const revocation of this.#enrolled.unfinished()) while (!(await this.#carryOn(revocation)).isDone);
    const at = systemClock();
    await this.#codes.purge(at);
    await this.#attempts.purge(at - forgottenAfter);
    await this.#securityLog.purge(at - refusalsKept);
    await this.ctx.storage.setAlarm(at + purgeEvery);
  }
}
