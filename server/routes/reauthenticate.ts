import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { phaseOf } from '../../machines/index.ts';
import { admit } from '../session/admission.ts';
import type { AuthenticatedUser } from '../session/entrant.ts';
import { isDeclared } from '../http/activity.ts';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import { problem } from '../http/problem.ts';
import { refuseEnded } from '../http/status.ts';
import type { Dependencies } from './dependencies.ts';
import { issueCredential, personShown, answerSession } from './answer.ts';
import { confirmPassword } from './confirmPassword.ts';
import { passwordsOnly } from './passwordsOnly.ts';

const reauthenticate = z.strictObject({ password: z.string().min(1).max(1024) });

/**
 * The user authenticates again, at a locked screen or before a sensitive action. Any generation may come: with
 * the right password a lost answer locks no user out. Earlier tokens are void from then on.
 *
 * @see ASVS 5.0 7.2.4, NIST SP 800-63B-4 §5.2
 */
export const reauthenticateRoutes = (parts: Dependencies, addressOf: (c: Context) => string | null) =>
  new Hono<RouteEnv>().post(
    '/reauthenticate',
    passwordsOnly(parts),
    requireSession(parts, { counts: false, dead: true, expired: true, anyGeneration: true }),
    async (c, next) => {
      const { state } = c.get('stored');
      return phaseOf(state.leaf) === 'ended' ? refuseEnded(c, state, parts.clock(), 410) : next();
    },
    limitBody(),
    body(reauthenticate),
    async (c) => {
      const { claims, transport } = c.get('who');
      const { password } = c.req.valid('json');
      const proof = await confirmPassword(parts, c, {
        user: claims.sub,
        session: claims.sid,
        password,
        address: addressOf(c),
      });
      if (proof instanceof Response) return proof;
      // First, because it may have to be made: a change that cannot be answered must not happen.
      const keys = await parts.vault.keysOf(claims.sub);
      const proved: AuthenticatedUser = {
        user: claims.sub,
        method: ['pwd'],
        authEpoch: proof.authEpoch,
        ...(proof.user.role !== undefined && { role: proof.user.role }),
        ...(isDeclared(c) && { heard: true }),
      };
      const admitted = await admit(parts, proved, { kind: 'resumed', id: claims.sid });
      if (!admitted.ok) {
        const state = admitted.code === 'session_ended' ? admitted.session?.state : undefined;
        if (!state) return problem(c, admitted.code);
        return refuseEnded(c, state, Math.max(parts.clock(), state.context.updatedAt), 410);
      }
      c.set('stored', admitted.session);
      const handed = await issueCredential(parts, c, admitted.session, transport);
      return c.json(
        { user: personShown(proof.user), ...answerSession(c, admitted.session, admitted.at), ...keys, ...handed },
        200,
      );
    },
  );
