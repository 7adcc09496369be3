import { DatabaseSync } from 'node:sqlite';
import { betterAuth } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { deleteSessionCookie } from 'better-auth/cookies';
import { getMigrations } from 'better-auth/db/migration';
import type { Curfew } from 'curfew/server';

interface Given {
  readonly curfew: Pick<Curfew, 'signIn' | 'revoke'>;
  readonly baseURL: string;
  readonly secret: string;
}

/** better-auth keeps the users and proves who they are; Curfew keeps the sessions. */
export async function createAuth({ curfew, baseURL, secret }: Given) {
  const auth = betterAuth({
    database: new DatabaseSync('auth.db'),
    // Its default, /api/auth, is Curfew's.
    basePath: '/identity',
    baseURL,
    secret,
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      // In place of an e-mail.
      sendResetPassword: async ({ user, token }) => console.log(`reset ${user.email} ${token}`),
      // A new password ends the sessions that the old one has opened.
      onPasswordReset: async ({ user }) => void (await curfew.revoke({ user: user.id }, { reason: 'password reset' })),
    },
    hooks: {
      after: createAuthMiddleware(async (ctx) => {
        const made = ctx.context.newSession;
        if (!made || !ctx.request) return undefined;
        // First, so that nothing of better-auth's is open whatever comes: it would outlive the time-out.
        await ctx.context.internalAdapter.deleteSession(made.session.token);
        deleteSessionCookie(ctx);
        const signedIn = await curfew.signIn(ctx.request, {
          user: { id: made.user.id, name: made.user.name },
          // Only e-mail and password are enabled, and both were checked just now. Social sign-in would be no proof: a
          // provider that answers silently says when the user was there, and better-auth does not pass it on.
          method: ['pwd'],
          authenticatedAt: Date.now(),
          // The page that is locked goes on, or nothing does: another user does not displace its user.
          session: ctx.request.headers.get('Session-Id') ?? undefined,
        });
        for (const cookie of signedIn.headers.getSetCookie()) ctx.context.responseHeaders?.append('Set-Cookie', cookie);
        if (!signedIn.ok) throw new APIError('FORBIDDEN', { code: signedIn.code, message: signedIn.code });
        // The token of its session is not told either.
        return ctx.json({ user: { id: made.user.id, name: made.user.name } });
      }),
    },
  });
  await (await getMigrations(auth.options)).runMigrations();
  return auth;
}
