import type { Duration } from './time.ts';

/** Why a session can lapse: its user was not there (`idle`), or it has lived long enough (`absolute`). */
export type Limit = 'idle' | 'absolute';

/** What happens to a sign-in when the user already has `maxSessions`. */
export type OnLimit = 'end-oldest' | 'deny';

/**
 * What a same-origin request that says nothing about a person counts as: always as a person's (`user`), never
 * (`background`), or as a person's until a Curfew client has spoken for the session (`until-declared`).
 */
export type Undeclared = 'user' | 'until-declared' | 'background';

/** The longer limits of a session that was asked to be remembered. */
export interface RememberedLimits {
  /** Without human activity, in ms. */
  readonly idleTimeout: Duration;
  /** Since (re-)authentication, in ms. */
  readonly absoluteTimeout: Duration;
}

/**
 * The limits of a session. Plain and serialisable: it travels in the events, so a live session keeps the policy of its
 * last `session.started` or `user.reauthenticated`. Durations are in ms.
 *
 * @see ASVS 5.0 7.1.1, 7.1.2
 */
export interface Policy {
  /** Without human activity the session lapses after this long. Default 30 min. @see ASVS 5.0 7.3.1 */
  readonly idleTimeout: Duration;
  /** Whatever its user does, the session lapses this long after (re-)authentication. Default 12 h. @see ASVS 5.0 7.3.2 */
  readonly absoluteTimeout: Duration;
  /** The person is warned this long before the nearest deadline. Default 5 min. @see WCAG 2.2.1 */
  readonly warnBefore: Duration;
  /** A lapsed session can be resumed for this long. Default 24 h. @see WCAG 2.2.6 */
  readonly restoreWindow: Duration;
  /** From which lapse a session can be resumed; without `absolute` that limit ends it at once. Default both. */
  readonly restoreFrom: readonly Limit[];
  /** Life of one token, never past the absolute limit. Default 30 min. */
  readonly tokenLifetime: Duration;
  /** Activity is recorded at most this often; 0 records it every time. Default 60 s, at most (idle − warn) / 10. */
  readonly activityResolution: Duration;
  /** How long the old generation works after the new one was first used. Default 30 s. @see RFC 9700 §4.14.2 */
  readonly rotationGrace: Duration;
  /**
   * Ending other sessions needs a proof this young; where the absolute limit is for good, so does any sign-in. Default
   * 10 min. @see ASVS 5.0 7.5.1
   */
  readonly freshAuth: Duration;
  /** Longest declared activity; 0 forbids leases. Default 2 h. */
  readonly maxLease: Duration;
  /** Live sessions per user. Default 10. @see ASVS 5.0 7.1.2 */
  readonly maxSessions: number;
  /** What happens at `maxSessions`. Default `end-oldest`. */
  readonly onLimit: OnLimit;
  /** What a same-origin request that declares nothing counts as. Default `until-declared`. @see NIST SP 800-63B-4 §5.1.2 */
  readonly undeclaredActivity: Undeclared;
  /** Limits of remembered sessions, `null` forbids them. Default idle 14 d, absolute 30 d. */
  readonly remembered: RememberedLimits | null;
}

/** Why a policy was refused: the field at fault, which may be no field of a policy at all, and what would be allowed. */
export interface PolicyFault {
  readonly field: string;
  readonly value: unknown;
  readonly allowed: string;
}

/** The checked policy, or every field that is wrong. */
export type PolicyResult =
  { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/** Which fields are durations, in ms. */
export const durationFields = [
  'idleTimeout',
  'absoluteTimeout',
  'warnBefore',
  'restoreWindow',
  'tokenLifetime',
  'activityResolution',
  'rotationGrace',
  'freshAuth',
  'maxLease',
] as const satisfies readonly (keyof Policy)[];

// Stryker disable BooleanLiteral: only the names count
const onLimits: Readonly<Record<OnLimit, true>> = { 'end-oldest': true, deny: true };
const undeclared: Readonly<Record<Undeclared, true>> = { user: true, 'until-declared': true, background: true };
const limits: Readonly<Record<Limit, true>> = { idle: true, absolute: true };

const fields: Readonly<Record<string, true>> = {
  idleTimeout: true,
  absoluteTimeout: true,
  warnBefore: true,
  restoreWindow: true,
  restoreFrom: true,
  tokenLifetime: true,
  activityResolution: true,
  rotationGrace: true,
  freshAuth: true,
  maxLease: true,
  maxSessions: true,
  onLimit: true,
  undeclaredActivity: true,
  remembered: true,
} satisfies Record<keyof Policy, true>;
// Stryker restore BooleanLiteral

const isDuration = (value: unknown): boolean => Number.isFinite(value) && Number(value) >= 0;

const isOneOf = (values: Readonly<Record<string, true>>, value: unknown): boolean =>
  typeof value === 'string' && Object.hasOwn(values, value);

const wordsOf = (values: Readonly<Record<string, true>>): string => Object.keys(values).join(' or ');

/** Fields that are not there, of another type or not of the words that are allowed: nothing can be compared with them. */
function shapeFaults(policy: Policy): PolicyFault[] {
  const { maxSessions, restoreFrom, onLimit, undeclaredActivity, remembered } = policy;
  const faults: PolicyFault[] = [];
  const check = (field: keyof Policy, isRight: boolean, allowed: string) => {
    if (!isRight) faults.push({ field, value: policy[field], allowed });
  };

  for (const [field, value] of Object.entries(policy))
    if (!isOneOf(fields, field)) faults.push({ field, value, allowed: `one of ${Object.keys(fields).join(', ')}` });
  for (const field of durationFields) check(field, isDuration(policy[field]), 'a finite duration, 0 or more');
  check('maxSessions', Number.isInteger(maxSessions) && maxSessions >= 1, 'a whole number, 1 or more');
  check(
    'restoreFrom',
    Array.isArray(restoreFrom) && restoreFrom.includes('idle') && restoreFrom.every((each) => isOneOf(limits, each)),
    'idle, or idle and absolute',
  );
  check('onLimit', isOneOf(onLimits, onLimit), wordsOf(onLimits));
  check('undeclaredActivity', isOneOf(undeclared, undeclaredActivity), wordsOf(undeclared));
  check(
    'remembered',
    remembered === null || (isDuration(remembered?.idleTimeout) && isDuration(remembered.absoluteTimeout)),
    'finite durations, 0 or more',
  );
  return faults;
}

function faultsOf(policy: Policy): PolicyFault[] {
  const faults = shapeFaults(policy);
  if (faults.length > 0) return faults;

  const refuse = (field: keyof Policy, allowed: string) => faults.push({ field, value: policy[field], allowed });
  const { remembered } = policy;
  if (policy.idleTimeout >= policy.absoluteTimeout) refuse('idleTimeout', 'less than absoluteTimeout');
  if (policy.warnBefore >= policy.idleTimeout) refuse('warnBefore', 'less than idleTimeout');
  if (remembered && remembered.idleTimeout >= remembered.absoluteTimeout)
    refuse('remembered', 'idle less than absolute');
  if (remembered && policy.warnBefore >= remembered.idleTimeout) refuse('remembered', 'idle more than warnBefore');
  return faults;
}

/** What the limits allow of the rest: nothing outlives absolute, nothing hides activity for long. */
function clamp(policy: Policy): Policy {
  const withinAbsolute = (duration: Duration) => Math.min(duration, policy.absoluteTimeout);
  return {
    ...policy,
    tokenLifetime: withinAbsolute(policy.tokenLifetime),
    freshAuth: withinAbsolute(policy.freshAuth),
    maxLease: withinAbsolute(policy.maxLease),
    rotationGrace: withinAbsolute(policy.rotationGrace),
    activityResolution: Math.min(policy.activityResolution, Math.floor((policy.idleTimeout - policy.warnBefore) / 10)),
  };
}

/**
 * Checks a policy once, at the door.
 *
 * @returns the policy with everything clamped to its limits, or the faults: idle ≥ absolute, warning ≥ idle, negative or
 * non-finite durations, words that mean nothing, unknown fields.
 */
export function createPolicy(base: Policy, overrides: Partial<Policy> = {}): PolicyResult {
  const wanted: Policy = { ...base, ...overrides };
  const faults = faultsOf(wanted);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, policy: clamp(wanted) };
}

/** The policy as it binds one session: a remembered one has the longer limits, where those are allowed at all. */
export function policyFor(policy: Policy, remembered: boolean): Policy {
  return remembered && policy.remembered ? clamp({ ...policy, ...policy.remembered }) : policy;
}
