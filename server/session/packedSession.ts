import type {
  AuthenticationMethod,
  Duration,
  Generation,
  Instant,
  Leaf,
  Policy,
  SessionContext,
} from '../../machines/index.ts';
import type { Stored } from '../store/eventLog.ts';
import { recentlyUsed } from '../store/recentlyUsed.ts';

/** What many sessions have in common, kept once for all of them. */
interface Common {
  readonly leaf: Leaf;
  readonly policy: Policy;
  readonly remembered: boolean;
  readonly heard: boolean;
  /** `null` where the state knows no proof. */
  readonly method: AuthenticationMethod | null;
  readonly issuer: string | undefined;
}

/** A session without what it has in common with others. Durations are since it started: small numbers take no room of their own. */
export interface SmallSession {
  readonly mark: number;
  readonly common: Common;
  readonly user: string;
  /** The bytes of the last hash, a character each: half of what it takes in hexadecimal digits. */
  readonly hash: string;
  readonly startedAt: Instant;
  readonly version: number;
  readonly barrier: number;
  readonly updated: Duration;
  readonly authenticated: Duration;
  readonly lastActivity: Duration;
  readonly proved: Duration;
  readonly generation: number;
  readonly issued: Duration;
  readonly confirmed: Duration | null;
  /** Those before the last one that still matter, `null` for none. */
  readonly earlier: readonly Generation[] | null;
}

/** A session that has what few have: a declared activity, a warning on a screen, a use after its end. */
export interface WholeSession {
  readonly mark: number;
  readonly whole: Stored;
}

/** A session as it is kept in memory, behind the mark that it was read at. */
export type PackedSession = SmallSession | WholeSession;

const differentPolicies = 256;
const nothing: readonly never[] = Object.freeze([]);
const noLeases = Object.freeze({});
const neverUsed = Object.freeze({ count: 0, lastAt: null });
const isHash = /^[0-9a-f]{64}$/;

/** A session out of its packing. What is seldom asked for is made when it is. */
class UnpackedSession implements Stored {
  readonly id: string;
  readonly state: Stored['state'];
  readonly device = null;
  readonly #hash: string;

  constructor(id: string, packed: SmallSession) {
    this.id = id;
    this.state = { leaf: packed.common.leaf, context: contextOf(packed) };
    this.#hash = packed.hash;
  }

  get hash(): string {
    return Buffer.from(this.#hash, 'latin1').toString('hex');
  }
}

/** Makes it without a copy of a copy: it is made for each request. */
function contextOf(packed: SmallSession): SessionContext {
  const { common, startedAt, earlier } = packed;
  const { policy, remembered, method, issuer } = common;
  const last: Generation = {
    generation: packed.generation,
    issuedAt: startedAt + packed.issued,
    confirmedAt: packed.confirmed === null ? null : startedAt + packed.confirmed,
  };
  const context: { -readonly [Name in keyof SessionContext]: SessionContext[Name] } = {
    user: packed.user,
    policy,
    remembered,
    version: packed.version,
    updatedAt: startedAt + packed.updated,
    startedAt,
    authenticatedAt: startedAt + packed.authenticated,
    lastActivityAt: startedAt + packed.lastActivity,
    leases: noLeases,
    generations: earlier === null ? [last] : [...earlier, last],
    barrier: packed.barrier,
    warned: nothing,
    lapsedFor: null,
    lapsedAt: null,
    endedAt: null,
    usedAfterEnd: neverUsed,
  };
  const provedAt = startedAt + packed.proved;
  if (method !== null) context.proof = issuer === undefined ? { method, provedAt } : { method, provedAt, issuer };
  if (common.heard) context.heard = true;
  return context;
}

const isPlain = ({ leases, warned, usedAfterEnd, proof, lapsedFor, lapsedAt, endedAt }: SessionContext): boolean =>
  Object.keys(leases).length === 0 &&
  warned.length === 0 &&
  usedAfterEnd.count === 0 &&
  usedAfterEnd.lastAt === null &&
  Number.isInteger(proof?.provedAt ?? 0) &&
  lapsedFor === null &&
  lapsedAt === null &&
  endedAt === null;

/** What many sessions have in common is kept once: their policy, how they were signed in to, and where they are. */
function sharing(): (state: Stored['state']) => Common {
  const policies = recentlyUsed<Policy>(2 * differentPolicies, () => 1);
  const commons = recentlyUsed<Common>(8 * differentPolicies, () => 1);

  /** Those that are shared already, each with a number: a session that changes keeps its policy. */
  const known = new WeakMap<Policy, number>();
  let count = 0;

  function shared(policy: Policy): Policy {
    if (known.has(policy)) return policy;
    const key = JSON.stringify(policy);
    const same = policies.get(key);
    if (same) return same;
    policies.set(key, policy);
    known.set(policy, (count += 1));
    return policy;
  }

  return ({ leaf, context }) => {
    const { remembered, heard = false, proof } = context;
    const policy = shared(context.policy);
    const { method = null, issuer } = proof ?? {};
    const key = `${known.get(policy)} ${leaf} ${remembered} ${heard} ${JSON.stringify([method, issuer])}`;
    const same = commons.get(key);
    if (same) return same;
    const common = { leaf, policy, remembered, heard, method, issuer };
    commons.set(key, common);
    return common;
  };
}

/** A difference of two large numbers has 16 bytes of its own, even where it is small: as a whole number of 32 bits it has none. */
function small(duration: Duration): Duration {
  const whole = duration | 0;
  return whole === duration ? whole : duration;
}

/** Makes of a session what takes little room. */
export function sessionPacking(): (session: Stored, mark: number) => PackedSession {
  const share = sharing();

  return (session, mark) => {
    const { state, hash } = session;
    const { context } = state;
    const last = context.generations.at(-1);
    const common = share(state);
    if (!last || !isPlain(context) || !isHash.test(hash)) {
      const whole = { ...session, state: { ...state, context: { ...context, policy: common.policy } } };
      return { mark, whole };
    }
    const since = (at: Instant): Duration => small(at - context.startedAt);
    return {
      mark,
      common,
      user: context.user,
      hash: Buffer.from(hash, 'hex').toString('latin1'),
      startedAt: context.startedAt,
      version: context.version,
      barrier: context.barrier,
      updated: since(context.updatedAt),
      authenticated: since(context.authenticatedAt),
      lastActivity: since(context.lastActivityAt),
      proved: since(context.proof?.provedAt ?? context.startedAt),
      generation: last.generation,
      issued: since(last.issuedAt),
      confirmed: last.confirmedAt === null ? null : since(last.confirmedAt),
      earlier: context.generations.length === 1 ? null : context.generations.slice(0, -1),
    };
  };
}

/** The session as it was packed. */
export const unpackSession = (packed: PackedSession, id: string): Stored =>
  'whole' in packed ? packed.whole : new UnpackedSession(id, packed);

/** What a packed session takes besides its texts, with its place in the table, in bytes: measured, and rounded up. */
const bytesOfSmall = 320;
const bytesOfWhole = 600;
const bytesOfLease = 48;
const bytesOfGeneration = 72;

/** How much memory a packed session takes, in bytes, but for its id. */
export const sizeOfSession = (packed: PackedSession): number =>
  'whole' in packed
    ? bytesOfWhole + sizeOfWhole(packed.whole.state.context)
    : bytesOfSmall + packed.user.length + bytesOfGeneration * (packed.earlier?.length ?? 0);

const sizeOfWhole = ({ user, leases, generations }: SessionContext): number =>
  user.length + bytesOfLease * Object.keys(leases).length + bytesOfGeneration * generations.length;
