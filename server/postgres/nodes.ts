import { randomUUID } from 'node:crypto';
import { seconds, type Duration } from '../../machines/index.ts';
import type { CopyListener } from '../store/copies.ts';
import { openChannel } from './channel.ts';
import type { PostgresDatabase } from './connection.ts';
import { createHearing } from './hearing.ts';
import type { Membership } from './membership.ts';
import { everything, look, nodesChannel, settler } from './narrowing.ts';
import { createProof, proofLasts, type Proof } from './proof.ts';
import { beginning, purgeNarrowings, readNarrowings, speak, unregister, type Answered } from './speak.ts';

/** How long others wait for a node that says nothing, in ms. */
const lease: Duration = seconds(1);

/** How long a node takes its lease for running, in ms, counted from when it asked for it: clocks run unevenly. */
const believed: Duration = lease - 100;

/** How often a lease is renewed that is used, in ms, and how often a node without one speaks. */
const renewEvery: Duration = 400;
const speakEvery: Duration = seconds(1);

/** A lease that nobody has asked for in so many renewals runs out. */
const unusedRenewals = 5;

/** How often what everybody knows is erased, in ms. */
const purgeEvery: Duration = seconds(10);

/** How long an announcement may take, in ms. */
const echoWithin: Duration = believed / 2;

/** How long a request waits for the database to prove itself, in ms. */
const patience: Duration = seconds(1.5);

/** What this node tells itself when the database has proved itself. */
const proved = 'proved';

const never = (): Duration => Infinity;

class Member {
  readonly id = randomUUID();
  readonly hearing = createHearing();
  readonly proof: Proof;
  readonly #database: PostgresDatabase;
  readonly #stopwatch: () => () => Duration;
  readonly #listeners: CopyListener[] = [];
  #sinceGrant = never;
  #sinceAsked = never;
  #sinceHeard = never;
  #sinceSpoken = never;
  #sincePurge: () => Duration;
  #epoch = 0;
  #renewalsUnused = unusedRenewals;
  #seen = beginning;
  #seenBefore: string | null = null;
  #sayings = 0;
  #isAsked = false;
  #isOver = false;
  #ring = (): void => {};

  constructor(database: PostgresDatabase, stopwatch: () => () => Duration) {
    this.#database = database;
    this.#stopwatch = stopwatch;
    this.#sincePurge = stopwatch();
    this.proof = createProof(stopwatch, database.timeline);
  }

  /** @returns which lease runs, `null` for none: then it is asked for. */
  mark(): number | null {
    if (!this.#isUsed()) this.#ring();
    this.#renewalsUnused = 0;
    return this.#isRunning() ? this.#epoch : null;
  }

  holds(mark: number): boolean {
    return this.#isRunning() && mark === this.#epoch;
  }

  watch(listener: CopyListener): void {
    if (this.#listeners.length === 0) this.#listen();
    this.#listeners.push(listener);
  }

  async live(): Promise<void> {
    while (!this.#isOver) {
      const isDue = this.#sinceSpoken() >= this.#every();
      const looks = this.#isAsked && this.#sinceAsked() < lease + echoWithin;
      this.#isAsked = false;
      try {
        if (looks) await this.#look();
        if (isDue || looks) await this.#speak(isDue);
        await this.#purge();
      } catch {
        // The database is away, and so is the lease, soon. It is asked again.
        await this.#pause(renewEvery);
      }
      if (!this.#isOver && !this.#isAsked) await this.#pause(Math.max(1, this.#every() - this.#sinceSpoken()));
    }
  }

  async believe(): Promise<void> {
    this.#sinceSpoken = never;
    this.#ring();
    const isSlow = this.proof.age() < 2 * proofLasts;
    await this.hearing.heard((it) => it === proved, isSlow ? patience : patience / 6);
    this.proof.check();
  }

  async begin(): Promise<void> {
    await this.hearing.heard((it) => it === proved, patience);
    if (this.proof.heldFor() > 0) await this.hearing.heard(() => false, this.proof.heldFor() + 1);
  }

  async leave(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ring();
    await unregister(this.#database.query, this.id).catch(() => {});
  }

  #isRunning(): boolean {
    return !this.#isOver && this.#sinceGrant() < believed;
  }

  #isUsed(): boolean {
    return this.#listeners.length > 0 && this.#renewalsUnused < unusedRenewals;
  }

  #every(): Duration {
    return this.#isUsed() ? renewEvery : speakEvery;
  }

  #listen(): void {
    openChannel(this.#database, nodesChannel, {
      onMessage: (payload) => {
        this.hearing.hear(payload);
        if (payload !== look) return;
        this.#isAsked = true;
        this.#ring();
      },
      onMissed() {},
    });
  }

  /** @param renews whether it is time to; else it only looks, because others wait for it */
  async #speak(renews: boolean): Promise<void> {
    const sent = this.#stopwatch();
    const payload = `${this.id}:${(this.#sayings += 1)}`;
    const isUsed = renews && this.#isUsed();
    // Others have to wait for who has a lease, so only who hears them is to have one.
    const isWanted = isUsed && this.#sinceHeard() < speakEvery;
    if (isWanted) this.#sinceAsked = sent;
    const echo = isUsed ? this.hearing.heard((it) => it === payload, echoWithin) : null;
    const saying = { id: this.id, payload, lease: isWanted ? lease : 0, seen: this.#seen, isDurable: renews };
    const answered = await speak(this.#database.query, saying);
    this.#learn(answered);
    if (renews) {
      this.#sinceSpoken = sent;
      this.proof.prove(sent, answered);
      this.hearing.hear(proved);
      this.#renewalsUnused += 1;
    }
    if (!echo || !(await echo)) return;
    this.#sinceHeard = sent;
    if (!answered.mayHaveLease) return;
    if (!isWanted) this.#sinceSpoken = never;
    else this.#grant(sent);
  }

  #grant(sent: () => Duration): void {
    // What was read before a lease had run out counts no more.
    if (!this.#isRunning()) this.#epoch += 1;
    this.#sinceGrant = sent;
  }

  /** Others wait for it, and are told as soon as it is so. */
  async #look(): Promise<void> {
    this.#learn(await readNarrowings(this.#database.query, this.id, this.#seen));
  }

  #learn({ subjects, seen }: Pick<Answered, 'subjects' | 'seen'>): void {
    this.#seen = seen;
    for (const subject of subjects)
      for (const { session, user, all } of this.#listeners) {
        if (subject === everything) all();
        if (subject.startsWith('s:')) session(subject.slice(2));
        if (subject.startsWith('u:')) user(subject.slice(2));
      }
  }

  /** What has been seen for long by this node is known to every other that has a lease. */
  async #purge(): Promise<void> {
    if (this.#sincePurge() < purgeEvery) return;
    this.#sincePurge = this.#stopwatch();
    if (this.#seenBefore !== null) await purgeNarrowings(this.#database.query, this.#seenBefore);
    this.#seenBefore = this.#seen;
  }

  #pause(ms: Duration): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#ring = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * Takes part in what the nodes of one database agree on. A node has copies only while it has a lease, and it has one only
 * while it has looked at what has narrowed until then, and hears what it announces itself. A node that uses no copies has
 * none.
 *
 * @param stopwatch begins to measure time, by whichever clock is ahead
 */
export function joinNodes(database: PostgresDatabase, stopwatch: () => () => Duration): Membership {
  const member = new Member(database, stopwatch);
  const leave = () => member.leave();
  database.closing.addEventListener('abort', () => database.waitFor(leave()));
  const begun = member.begin();
  void member.live();
  return {
    id: member.id,
    proof: member.proof,
    believe: () => member.believe(),
    begin: () => begun,
    settle: settler(database, async (ms) => void (await member.hearing.heard((it) => it !== look, ms))),
    leave,
    copies: {
      mark: () => member.mark(),
      holds: (mark) => member.holds(mark),
      watch: (listener) => member.watch(listener),
    },
  };
}
