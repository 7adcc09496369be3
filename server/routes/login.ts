import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { isLive } from '../../machines/index.ts';
import { admit, type Admitted } from '../session/admission.ts';
import type { AuthenticatedUser } from '../session/entrant.ts';
import { isDeclared } from '../http/activity.ts';
import type { Transport } from '../http/cookie.ts';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { refuseUnkeepable } from '../http/keepsCookie.ts';
import { presentedBy } from '../http/presented.ts';
import { problem, type Refusal } from '../http/problem.ts';
import { refuseEnded } from '../http/status.ts';
import type { RefusalEnv } from '../http/recordRefusals.ts';
import { whyNotPassword } from '../accounts/newPasswords.ts';
import { whyNotName } from '../accounts/usernames.ts';
import type { Dependencies } from './dependencies.ts';
import { newPassword } from './account.ts';
import { repeatableSignIn, type RepeatableSignIn } from './idempotencyKey.ts';
import { passwordsOnly } from './passwordsOnly.ts';
import { proveByPassword } from './proveByPassword.ts';
import type { Proved } from './signInElsewhere.ts';
import { issueCredential, personShown, answerSession } from './answer.ts';
import { tooManyAttempts } from './tooManyAttempts.ts';

const transport = z.enum(['cookie', 'bearer']).default('cookie');

const name = z
  .string()
  .trim()
  .superRefine((text, context) => {
    const message = whyNotName(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

const registration = z.strictObject({
  username: name,
  password: newPassword,
  remember: z.boolean().optional(),
  transport,
});

const login = z.strictObject({
  username: z.string().min(1).max(1024),
  password: z.string().min(1).max(1024),
  remember: z.boolean().optional(),
  transport,
});

/** The session of the cookie that a sign-in in cookie mode replaces. */
interface JarEnv {
  Variables: { jar: string | null } & RefusalEnv['Variables'];
}

/** What was proved before a session begins. */
interface ProofEnv {
  Variables: JarEnv['Variables'] & {
    proof: Pick<CompletedProof, 'person' | 'authEpoch' | 'address'> & { readonly repeatable: RepeatableSignIn | null };
  };
}

const readSessionCookie =
  (parts: Dependencies): MiddlewareHandler<JarEnv> =>
  async (c, next) => {
    const { cookie: claims } = await presentedBy(parts, c);
    if (claims) c.set('signer', claims.sub);
    const page = c.req.header('Session-Id');
    if (claims && page !== undefined && page !== claims.sid) return problem(c, 'session_mismatch');
    c.set('jar', claims?.sid ?? null);
    return next();
  };

interface CompletedProof extends Proved {
  readonly remember: boolean;
  readonly transport: Transport;
  readonly jar: string | null;
  readonly address: string | null;
  /** What the session is called, for a sign-in that may be repeated. */
  readonly session: string | undefined;
}

async function completeSignIn(parts: Dependencies, c: Context, arrival: CompletedProof, status: 200 | 201) {
  const device = { userAgent: c.req.header('User-Agent')?.slice(0, 512) ?? null, address: arrival.address };
  const { remember, session: reserved } = arrival;
  const replaces = arrival.transport === 'cookie' ? arrival.jar : null;
  const { id, role } = arrival.person;
  const proved: AuthenticatedUser = {
    user: id,
    method: ['pwd'],
    authEpoch: arrival.authEpoch,
    ...(role !== undefined && { role }),
    ...(isDeclared(c) && { heard: true }),
  };
  // First, because it may have to be made: a session that cannot be answered must not begin.
  const keys = await parts.vault.keysOf(arrival.person.id);
  const admitted: Admitted = await admit(parts, proved, {
    kind: 'new',
    remember,
    replaces,
    device,
    ...(reserved !== undefined && { id: reserved }),
  });
  if (!admitted.ok) return problem(c, admitted.code);
  const { state } = admitted.session;
  // Of a repeat: meanwhile it may be over.
  if (!isLive(state.leaf)) return refuseEnded(c, state, admitted.at);
  const handed = await issueCredential(parts, c, admitted.session, arrival.transport);
  return c.json(
    { user: personShown(arrival.person), ...answerSession(c, admitted.session, admitted.at), ...keys, ...handed },
    status,
  );
}

/** Answers 404 where people may not make their own accounts, whatever the request holds: there is no such route then. */
const registrationOnly =
  ({ accounts }: Dependencies): MiddlewareHandler =>
  async (c, next) =>
    accounts.register ? next() : problem(c, 'not_found');

/**
 * Makes an account. With the id of one that the same request has made a moment ago, its password is checked.
 *
 * @returns the refusal to answer with where the name is another's
 */
async function makeAccount(
  parts: Dependencies,
  c: Context,
  { id, username, password, address }: Parameters<typeof proveByPassword>[2] & { readonly id: string },
): Promise<Proved | Refusal> {
  const attempt = await parts.throttle.attempt(null, address, async () => {
    if ((await parts.accounts.register?.(id, username, password)) === 'registered') return 'registered';
    return (await parts.accounts.byId(id)) ? 'there' : null;
  });
  if (!attempt.ok)
    return attempt.code === 'too_many_attempts' ? tooManyAttempts(c, attempt.retryAfter) : problem(c, 'username_taken');
  if (attempt.value === 'there') {
    const proved = await proveByPassword(parts, c, { username, password, address });
    // An application may have given the name to another meanwhile.
    return proved instanceof Response || proved.person.id === id ? proved : problem(c, 'username_taken');
  }
  return { person: { id, username }, authEpoch: (await parts.log.account(id)).authEpoch };
}

/** Looks at the password, unless that was done elsewhere, and has the request answered where the user is kept. */
const proveFirst =
  (
    parts: Dependencies,
    addressOf: Dependencies['addressOf'],
  ): MiddlewareHandler<ProofEnv, '/login', { out: { json: z.infer<typeof login> } }> =>
  async (c, next) => {
    const { username, password, remember = false, transport: carrier } = c.req.valid('json');
    const unkeepable = carrier === 'cookie' ? refuseUnkeepable(parts, c) : null;
    if (unkeepable) return unkeepable;
    const repeatable = repeatableSignIn(parts, c, ['login', username, remember, carrier]);
    if (repeatable instanceof Response) return repeatable;
    // Before the password is looked at, so that the key of another tells nothing of it.
    if (await repeatable?.isOther()) return problem(c, 'idempotency_key_reused');
    const address = addressOf(c);
    const { elsewhere } = parts;
    const before = elsewhere?.proved() ?? null;
    const proved = before ?? (await proveByPassword(parts, c, { username, password, address }));
    if (proved instanceof Response) return proved;
    const answer = before ? null : await elsewhere?.complete(c, proved);
    if (answer) return answer;
    c.set('proof', { ...proved, repeatable, address });
    return next();
  };

/** Sign-in and registration: the only ways a session begins. @see ASVS 5.0 7.6.2 */
export const loginRoutes = (parts: Dependencies, addressOf: (c: Context) => string | null) =>
  new Hono<ProofEnv>()
    .post(
      '/register',
      registrationOnly(parts),
      readSessionCookie(parts),
      limitBody(),
      body(registration),
      async (c) => {
        const { username, password, remember = false, transport: carrier } = c.req.valid('json');
        const unkeepable = carrier === 'cookie' ? refuseUnkeepable(parts, c) : null;
        if (unkeepable) return unkeepable;
        const repeatable = repeatableSignIn(parts, c, ['register', username, remember, carrier]);
        if (repeatable instanceof Response) return repeatable;
        const message = await whyNotPassword(password, username);
        if (message !== null) return problem(c, 'invalid_input', { fields: [{ field: 'password', message }] });
        c.set('account', username);
        const reserved = await repeatable?.reserve();
        if (reserved === null) return problem(c, 'idempotency_key_reused');
        const address = addressOf(c);
        const proved = await makeAccount(parts, c, {
          id: reserved?.user ?? parts.newId(),
          username,
          password,
          address,
        });
        if (proved instanceof Response) return proved;
        return completeSignIn(
          parts,
          c,
          { ...proved, remember, transport: carrier, jar: c.get('jar'), address, session: reserved?.session },
          201,
        );
      },
    )
    .post(
      '/login',
      passwordsOnly(parts),
      readSessionCookie(parts),
      limitBody(),
      body(login),
      proveFirst(parts, addressOf),
      async (c) => {
        const { remember = false, transport: carrier } = c.req.valid('json');
        const { repeatable, ...proof } = c.get('proof');
        const reserved = await repeatable?.reserve(proof.person.id);
        if (reserved === null) return problem(c, 'idempotency_key_reused');
        return completeSignIn(
          parts,
          c,
          { ...proof, remember, transport: carrier, jar: c.get('jar'), session: reserved?.session },
          200,
        );
      },
    );
