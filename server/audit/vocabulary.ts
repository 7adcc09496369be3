import { authenticationOf, methodsInWords, type Entry, type LoggedEvent } from '../../machines/index.ts';
import type { SecurityEventKind } from '../store/securityLog.ts';

/** @see OWASP Logging Vocabulary */
export type Level = 'INFO' | 'WARN' | 'CRITICAL';

/** What an event is called elsewhere. */
export interface Term {
  /** The name that says most. Those that the vocabulary does not have begin with `curfew_`. */
  readonly event: string;
  /** What else the vocabulary would call it. */
  readonly also?: readonly string[];
  readonly level: Level;
  readonly description: string;
}

const info = (event: string, description: string, ...also: readonly string[]): Term => ({
  event,
  level: 'INFO',
  description,
  ...(also.length > 0 && { also }),
});

const ended = (reason: string, description: string, ...also: readonly string[]): Term =>
  info(`session_expired:${reason}`, description, ...also);

function reached({ to }: Pick<Entry, 'to'>): Term {
  switch (to) {
    case 'lapsed.idle':
      return ended('idle', 'nobody was active for as long as is allowed; the session can be resumed');
    case 'lapsed.absolute':
      return ended('absolute', 'the session was as old as it may get; it can be resumed');
    case 'active.fresh':
    case 'active.expiring':
      return info('curfew_session_expiring', 'a deadline of the session is near; its user is warned');
    case 'ended.expired':
    case 'ended.signedOut':
    case 'ended.revoked':
    case 'ended.displaced':
    case 'ended.compromised':
      return ended('expired', 'the time in which the session could be resumed is over');
  }
}

const terms: Readonly<Record<Exclude<LoggedEvent['type'], 'clock.reached'>, Term>> = {
  'session.started': info('session_created', 'somebody signed in', 'authn_login_success', 'authn_token_created'),
  'activity.seen': info('curfew_session_activity', 'a person was active'),
  'lease.taken': info('curfew_lease_taken', 'an activity was declared that keeps the session alive'),
  'lease.released': info('curfew_lease_released', 'a declared activity is over'),
  'session.extended': info('session_renewed', 'a person stayed signed in'),
  'token.rotated': info('authn_token_created', 'a new token took the place of the one before'),
  'token.confirmed': info('curfew_token_confirmed', 'a new token was used for the first time'),
  'token.replayed': info('curfew_token_replayed', 'an earlier token was answered with the same successor'),
  'token.reused': {
    event: 'authn_token_reuse',
    also: ['session_expired:compromised', 'authn_token_revoked'],
    level: 'CRITICAL',
    description: 'a token was used again after its successor; the session was ended',
  },
  'user.reauthenticated': info(
    'authn_login_success',
    'somebody proved again who they are',
    'session_renewed',
    'authn_token_created',
  ),
  'user.signedOut': ended('logout', 'somebody signed out', 'authn_token_revoked'),
  'session.revoked': ended('revoked', 'the session was ended from elsewhere', 'authn_token_revoked'),
  'session.displaced': ended(
    'displaced',
    'a newer sign-in took its place',
    'excess_sessions_exceeded',
    'authn_token_revoked',
  ),
  'warning.shown': info('curfew_warning_shown', 'a person was warned of a deadline'),
  'session.usedAfterEnd': {
    event: 'session_use_after_expire',
    level: 'CRITICAL',
    description: 'a session was used after its end',
  },
  'client.heard': info('curfew_client_heard', 'a Curfew client has spoken for the session for the first time'),
  'policy.applied': info('curfew_policy_applied', 'tighter limits were applied to the session'),
};

/** What an entry of a session's log is called. A sign-in says how it was proved; what rules 1 wrote says what it said. */
export function termOf(entry: Pick<Entry, 'type' | 'at' | 'to' | 'data'>): Term {
  if (entry.type === 'clock.reached') return reached(entry);
  const term = terms[entry.type];
  const proof = authenticationOf(entry);
  if (proof === null || proof.method === 'pwd') return term;
  return { ...term, description: `${term.description}${methodsInWords(proof.method, proof.issuer)}` };
}

const warn = (event: string, description: string): Term => ({ event, level: 'WARN', description });

/** What the entries of the security log are called. */
export const refusals: Readonly<Record<SecurityEventKind, Term>> = {
  login_failed: warn('authn_login_fail', 'a sign-in failed'),
  login_throttled: warn('authn_login_fail_max', 'a sign-in was refused after too many that failed'),
  reauthentication_failed: warn('authn_login_fail', 'a sign-in to a session that was there failed'),
  reauthentication_throttled: warn(
    'authn_login_fail_max',
    'a sign-in to a session that was there was refused after too many that failed',
  ),
  registration_refused: warn('curfew_registration_refused', 'a registration was refused'),
  registration_throttled: warn('excess_rate_limit_exceeded', 'a registration was refused after too many'),
  token_refused: warn('curfew_token_refused', 'a token was presented that was not made here'),
  session_mismatch: warn('curfew_session_mismatch', 'a page spoke for another session than its cookie'),
  cross_site_refused: {
    event: 'malicious_cors',
    level: 'CRITICAL',
    description: 'a request from another site was refused',
  },
  logout_refused: warn('curfew_logout_refused', 'a logout token of an identity provider was refused'),
  hand_over_refused: warn(
    'curfew_hand_over_refused',
    'an answer of an identity provider was refused: of another browser, or used before',
  ),
  access_denied: {
    event: 'authz_fail',
    level: 'CRITICAL',
    description: 'something was asked for without the right to',
  },
};
