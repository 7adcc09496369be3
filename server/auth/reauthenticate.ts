import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { phaseOf } from '../../machines/index.ts';
import { admit } from '../admission.ts';
import { current } from '../command.ts';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { guard, type SessionEnv } from '../http/judge.ts';
import { problem } from '../http/problem.ts';
import { dead } from '../http/status.ts';
import type { Parts } from '../parts.ts';
import { credential, show } from './answer.ts';
import { tooMany } from './attempt.ts';

const reauthenticate = z.strictObject({ password: z.string().min(1).max(1024) });

/**
 * Somebody proves again who they are, at a locked screen or before something sensitive. Any generation may come: with
 * the right password a lost answer strands nobody. What was handed out before is void from then on.
 *
 * @see ASVS 5.0 7.2.4, NIST SP 800-63B-4 §5.2
 */
export const reauthenticateRoutes = (parts: Parts, addressOf: (c: Context) => string) =>
  new Hono<SessionEnv>().post(
    '/reauthenticate',
    guard(parts, { counts: false, dead: true, expired: true, anyGeneration: true }),
    async (c, next) => {
      const { state } = c.get('stored');
      return phaseOf(state.leaf) === 'ended' ? dead(c, state, parts.clock(), 410) : next();
    },
    limitBody(),
    body(reauthenticate),
    async (c) => {
      const { claims, transport } = c.get('who');
      const { password } = c.req.valid('json');
      const address = addressOf(c);
      const user = await parts.accounts.byId(claims.sub);
      const account = user?.username ?? claims.sub;
      const attempt = await parts.throttle.attempt(account, address, async () => {
        const { authEpoch } = await parts.log.account(claims.sub);
        return (await parts.accounts.prove(user?.id ?? null, password)) && user ? { user, authEpoch } : null;
      });
      if (!attempt.ok) {
        const throttled = attempt.code === 'too_many_attempts';
        const kind = throttled ? 'reauthentication_throttled' : 'reauthentication_failed';
        await parts.securityLog.record({ at: parts.clock(), kind, account, address, user: claims.sub });
        return throttled ? tooMany(c, attempt.retryAfter) : problem(c, 'invalid_credentials');
      }
      // First, because it may have to be made: a change that nobody hears of must not happen.
      const vaultKey = await parts.vault.vaultKey(claims.sub);
      const proved = { user: claims.sub, authEpoch: attempt.value.authEpoch };
      const admitted = await admit(parts, proved, { kind: 'resumed', id: claims.sid });
      if (!admitted.ok) {
        const session = admitted.code === 'session_ended' ? await current(parts, claims.sid) : null;
        return session ? dead(c, session.state, session.at, 410) : problem(c, admitted.code);
      }
      c.set('stored', admitted.session);
      const handed = await credential(parts, c, admitted.session, transport);
      return c.json({ user: attempt.value.user, ...show(c, admitted.session, admitted.at), vaultKey, ...handed }, 200);
    },
  );
