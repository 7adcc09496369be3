import type { Attestations } from '../keys/attestations.ts';
import type { Recorded } from './recorded.ts';
import { termOf } from './vocabulary.ts';

/** @see OpenID CAEP 1.0 §3.1 */
const sessionRevoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

const seconds = (at: number): number => Math.floor(at / 1000);

/** Who brought the end about. */
function initiatorOf({ type, data }: Extract<Recorded, { log: 'session' }>['entry']) {
  if (type === 'user.signedOut') return 'user';
  if (type === 'session.revoked') return data['reason'] === 'admin' || data['reason'] === 'disabled' ? 'admin' : 'user';
  return type === 'token.reused' ? 'system' : 'policy';
}

const isEnding = (one: Recorded): one is Extract<Recorded, { log: 'session' }> =>
  one.log === 'session' && one.entry.to.startsWith('ended.') && one.entry.from?.startsWith('ended.') !== true;

/**
 * The Security Event Token that tells a receiver that a session has ended. The same end always makes the same token, so
 * that a receiver notices when it gets it twice.
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
  const { session, user, entry } = one;
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
    events: {
      [sessionRevoked]: {
        event_timestamp: seconds(entry.at),
        initiating_entity: initiatorOf(entry),
        reason_admin: { en: termOf(entry).description },
      },
    },
  });
}
