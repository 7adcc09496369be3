import { authenticationOf } from '../../machines/index.ts';
import type { Attestations } from '../keys/attestations.ts';
import type { Recorded } from './recorded.ts';
import { termOf } from './vocabulary.ts';

const eventType = (name: string): string => `https://schemas.openid.net/secevent/caep/event-type/${name}`;

type SessionEntry = Extract<Recorded, { log: 'session' }>;

const seconds = (at: number): number => Math.floor(at / 1000);

/** Who brought the end about. */
function initiatorOf({ type, data }: SessionEntry['entry']) {
  if (type === 'user.signedOut') return 'user';
  if (type === 'session.revoked') return data['reason'] === 'admin' || data['reason'] === 'disabled' ? 'admin' : 'user';
  return type === 'token.reused' ? 'system' : 'policy';
}

const isEnding = (one: Recorded): one is SessionEntry =>
  one.log === 'session' && one.entry.to.startsWith('ended.') && one.entry.from?.startsWith('ended.') !== true;

/** A statement about a session. The same entry always makes the same one, so that a receiver notices it when it comes twice. */
function tokenOf(attestations: Attestations, { session, user, entry }: SessionEntry, audience: string, events: object) {
  const id = { format: 'opaque', id: session };
  return attestations.sign('secevent+jwt', {
    iss: 'curfew',
    aud: audience,
    jti: `${session}.${entry.version}`,
    iat: seconds(entry.recordedAt),
    sub_id: {
      format: 'complex',
      session: id,
      ...(user !== null && { user: { format: 'iss_sub', iss: 'curfew', sub: user } }),
    },
    events,
  });
}

/**
 * The Security Event Token that tells a receiver that a session has ended. The same end always makes the same token.
 *
 * @returns `null` for an entry that ends no session.
 * @see RFC 8417, RFC 9493, OpenID CAEP 1.0
 */
export async function sessionRevokedToken(
  attestations: Attestations,
  one: Recorded,
  audience: string,
): Promise<string | null> {
  if (!isEnding(one)) return null;
  const { entry } = one;
  return tokenOf(attestations, one, audience, {
    [eventType('session-revoked')]: {
      event_timestamp: seconds(entry.at),
      initiating_entity: initiatorOf(entry),
      reason_admin: { en: termOf(entry).description },
    },
  });
}

/**
 * The Security Event Token that tells a receiver of a sign-in, also of one to a session that is there, and how it was
 * proved: `amr` is the method, `acr` the provider's own word.
 *
 * @returns `null` for an entry that is no sign-in, and for those of rules 1, which were never told.
 * @see RFC 8417, RFC 8176, OpenID CAEP 1.0
 */
export async function sessionEstablishedToken(
  attestations: Attestations,
  one: Recorded,
  audience: string,
): Promise<string | null> {
  const proof = one.log === 'session' ? authenticationOf(one.entry) : null;
  if (one.log !== 'session' || proof === null || proof.method === 'pwd') return null;
  return tokenOf(attestations, one, audience, {
    [eventType('session-established')]: {
      event_timestamp: seconds(one.entry.at),
      amr: proof.method,
      ...(proof.acr !== undefined && { acr: proof.acr }),
      initiating_entity: 'user',
      reason_admin: { en: termOf(one.entry).description },
    },
  });
}
