import type { Authentication, SessionStarted, WarningStage } from './events.ts';
import type { AuthenticationMethod } from './methods.ts';
import type { Limit, Policy } from './policy.ts';
import type { Instant } from './time.ts';

/** One generation of the credential, for as long as an earlier one may still come back for it. */
export interface Generation {
  readonly generation: number;
  /** When it was made; its token's `iat` and `exp` are fixed by this. */
  readonly issuedAt: Instant;
  /** When it was first used; from then on its predecessor lives `rotationGrace`. */
  readonly confirmedAt: Instant | null;
}

/** What the last sign-in to a session rests on. */
export interface Proof {
  readonly method: AuthenticationMethod;
  /** When the person proved who they are, never after the sign-in itself, in epoch ms. */
  readonly provedAt: Instant;
  /** The provider that says so; missing when it was this server. */
  readonly issuer?: string;
}

/** Everything a session is, besides its leaf. Plain and serialisable. */
export interface SessionContext {
  readonly user: string;
  readonly policy: Policy;
  readonly remembered: boolean;
  /** Number of events in the stream. */
  readonly version: number;
  /** `at` of the last entry; time never runs backwards from here. */
  readonly updatedAt: Instant;
  readonly startedAt: Instant;
  readonly authenticatedAt: Instant;
  readonly lastActivityAt: Instant;
  /** Declared activities, by kind, with their ends. */
  readonly leases: Readonly<Record<string, Instant>>;
  /** Generations that still matter, oldest first; the last is the current one. */
  readonly generations: readonly [...Generation[], Generation];
  /** The generation of the last (re-)authentication: earlier ones get no grace and no successor. */
  readonly barrier: number;
  /** Stages of the present warning that have been on a screen. */
  readonly warned: readonly WarningStage[];
  readonly lapsedFor: Limit | null;
  readonly lapsedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly usedAfterEnd: { readonly count: number; readonly lastAt: Instant | null };
  /** What the last sign-in rests on. Missing while nothing but the bare `pwd` of rules 1 was written: see `proofOf`. */
  readonly proof?: Proof;
  /** A Curfew client has spoken for this session. Missing until then, and in states stored by earlier versions. */
  readonly heard?: true;
}

/** A session begins with its first event, or, in the browser, with what the server has told of it. */
export type SessionInput = SessionStarted | { readonly context: SessionContext };

/**
 * The proof that a sign-in brings, in place of the one before.
 *
 * @returns `undefined` where both are the bare `pwd` of rules 1, whose stored states know no proof.
 */
export function proofFrom(
  { at, method, provedAt, issuer }: Authentication & { readonly at: Instant },
  before?: Proof,
): Proof | undefined {
  if (method === 'pwd' && provedAt === undefined && issuer === undefined && !before) return undefined;
  return { method, provedAt: Math.min(at, provedAt ?? at), ...(issuer !== undefined && { issuer }) };
}

/** The context a session begins with. */
export function begin(input: SessionInput): SessionContext {
  if ('context' in input) return input.context;
  const { at, user, policy, remembered, heard } = input;
  const proof = proofFrom(input);
  return {
    user,
    policy,
    remembered,
    version: 1,
    updatedAt: at,
    startedAt: at,
    authenticatedAt: at,
    lastActivityAt: at,
    leases: {},
    generations: [{ generation: 0, issuedAt: at, confirmedAt: at }],
    barrier: 0,
    warned: [],
    lapsedFor: null,
    lapsedAt: null,
    endedAt: null,
    usedAfterEnd: { count: 0, lastAt: null },
    ...(proof && { proof }),
    ...(heard && { heard }),
  };
}
