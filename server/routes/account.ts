import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { clearCookie } from '../http/cookie.ts';
import { body, isText } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import { problem } from '../http/problem.ts';
import type { Dependencies } from './dependencies.ts';
import { eraseUser } from '../session/eraseUser.ts';
import { revokeSessions } from '../session/revocation.ts';
import { confirmPassword } from './confirmPassword.ts';
import { passwordLength, whyNotPassword } from '../accounts/newPasswords.ts';
import { passwordsOnly } from './passwordsOnly.ts';
import { refuseSuperseded } from './sessions.ts';

const password = z.string().min(1).max(1024);

/** What any new password has to be; which ones are too common is seen later. @see NIST SP 800-63B-4 §3.1.1.2 */
export const newPassword = z
  .string()
  .min(passwordLength.least)
  .max(passwordLength.most)
  .refine(isText, 'must be Unicode');

const change = z.strictObject({ password, newPassword, keepOthers: z.boolean().default(false) });
const deletion = z.strictObject({ password });

/**
 * A new password, and the end of an account. The password in the request is the proof that such a change needs, so none
 * has to be recent. What is written is written in one transaction: a crash leaves all of it or nothing.
 *
 * The session that changes the password goes on as it is, with the credential it has: its clocks do not restart, and an
 * answer without a body could hand no other one to a program.
 *
 * @see ASVS 5.0 7.4.2, 7.4.3, 7.5.1
 */
export const accountRoutes = (parts: Dependencies, addressOf: (c: Context) => string | null) => {
  const own = requireSession(parts, { counts: false, alarmed: true });
  const { accounts, vault } = parts;
  return new Hono<RouteEnv>()
    .post('/password', passwordsOnly(parts), own, limitBody(), body(change), async (c) => {
      const { user, id } = c.get('session');
      const asked = c.req.valid('json');
      if (!accounts.replacePassword) return problem(c, 'not_found');
      const proof = await confirmPassword(parts, c, {
        user,
        session: id,
        password: asked.password,
        address: addressOf(c),
      });
      if (proof instanceof Response) return proof;
      const message = await whyNotPassword(asked.newPassword, proof.user.username);
      if (message !== null) return problem(c, 'invalid_input', { fields: [{ field: 'newPassword', message }] });
      const writes = [await accounts.replacePassword(user, asked.newPassword), vault.rotateKeyWrite(user)];
      const changed = await revokeSessions(parts, {
        user,
        by: user,
        reason: 'password',
        ends: (each) => !asked.keepOthers && each !== id,
        asking: { id, generation: c.get('who').claims.gen },
        authEpoch: proof.authEpoch,
        writes,
      });
      if (changed.ok) return c.body(null, 204);
      return changed.code === 'not_accepted' ? refuseSuperseded(c, changed.asking) : problem(c, changed.code);
    })
    .delete('/me', passwordsOnly(parts), own, limitBody(), body(deletion), async (c) => {
      const { user, id } = c.get('session');
      const { claims, transport } = c.get('who');
      if (!accounts.eraseWrite) return problem(c, 'not_found');
      const proof = await confirmPassword(parts, c, {
        user,
        session: id,
        password: c.req.valid('json').password,
        address: addressOf(c),
      });
      if (proof instanceof Response) return proof;
      const deleted = await eraseUser(parts, {
        user,
        by: user,
        asking: { id, generation: claims.gen },
        authEpoch: proof.authEpoch,
        account: accounts.eraseWrite(user),
      });
      if (!deleted.ok)
        return deleted.code === 'not_accepted' ? refuseSuperseded(c, deleted.asking) : problem(c, deleted.code);
      if (deleted.asking) c.set('stored', deleted.asking);
      if (transport === 'cookie') clearCookie(c, parts.sessionCookie);
      return c.body(null, 204);
    });
};
