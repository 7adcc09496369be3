import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { Instant } from '../../../machines/index.ts';
import type { Curfew } from '../../curfew.ts';
import { body, isText } from '../../http/body.ts';
import { limitBody } from '../../http/limit.ts';
import { problem } from '../../http/problem.ts';
import type { SessionEnv } from '../../http/requireSession.ts';
import type { LogLine } from '../../session/logLine.ts';
import type { BoundCeremonies } from '../ceremonies.ts';
import type { Passkey, PlacedPasskeys } from '../store/signIn.ts';
import {
  authenticationOptions,
  authenticationResponse,
  challengeOf,
  handleIn,
  passkeyMethods,
  registrationOptions,
  registrationResponse,
  verifyAuthentication,
  verifyRegistration,
  type RelyingParty,
} from './ceremony.ts';

/** What passkeys need. */
export interface PasskeyParts {
  readonly passkeys: PlacedPasskeys;
  readonly ceremonies: BoundCeremonies;
  readonly curfew: Pick<Curfew, 'signIn'>;
  readonly clock: () => Instant;
  readonly write: (line: LogLine) => void;
  /** Lets through only shortly after a proof of who the user is. */
  readonly recent: MiddlewareHandler;
  /** At which origin browsers see the application. */
  readonly originOf: (c: Context) => string;
  /** What authenticators know a user by, 64 bytes at most. Default the user's id. @see WebAuthn Level 3 §5.4.3 */
  readonly handleOf?: (user: string) => string;
}

const asItIs = (user: string): string => user;

const largestResponse = 64 * 1024;

/** Refuses as one field what is of another shape. */
const wholly = <Schema extends z.ZodType>(schema: Schema) =>
  z.unknown().transform((value, context): z.output<Schema> => {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    context.addIssue({ code: 'custom', message: 'must be what the authenticator answers' });
    return z.NEVER;
  });

const registration = z.strictObject({
  name: z.string().trim().min(1).max(100).refine(isText, 'must be Unicode'),
  response: wholly(registrationResponse),
});

const signIn = z.strictObject({
  response: wholly(authenticationResponse),
  /** The session that is to go on. */
  session: z
    .string()
    .regex(/^[\w-]{1,128}$/)
    .optional(),
  remember: z.boolean().default(false),
  transport: z.enum(['cookie', 'bearer']).default('cookie'),
});

const nothing = z.strictObject({});
const registering = z.object({ user: z.string() });

/** What a user may see of a passkey. */
const shown = ({ id, name, createdAt, lastUsedAt }: Passkey) => ({ id, name, createdAt, lastUsedAt });

const partyOf = (c: Context, { originOf }: PasskeyParts): RelyingParty => ({ name: 'Curfew', origin: originOf(c) });

/** Refuses a response that proves nothing; the log says what was wrong with it. */
function refuse(c: Context, { write }: PasskeyParts, reason: string): Response {
  write({ msg: 'sign_in_refused', level: 'warn', by: 'passkey', reason });
  return problem(c, 'invalid_credentials');
}

/**
 * Sign-in by passkey: at the front door, at the locked screen, and before sensitive actions. The authenticator verifies its
 * user each time, so that a key that was found opens nothing.
 *
 * @see WebAuthn Level 3 §7.2, NIST SP 800-63B-4 §3.1.7
 */
export const passkeySignInRoutes = ({ handleOf = asItIs, ...parts }: PasskeyParts) =>
  new Hono()
    .post('/options', limitBody(), body(nothing), async (c) => {
      const options = await authenticationOptions(partyOf(c, parts));
      await parts.ceremonies.begin(c, 'passkey.authentication', options.challenge, {});
      return c.json({ options }, 200, { 'Cache-Control': 'no-store' });
    })
    .post('/', limitBody(largestResponse), body(signIn), async (c) => {
      const { response, session, remember, transport } = c.req.valid('json');
      const challenge = challengeOf(response);
      const begun = await parts.ceremonies.take(c, 'passkey.authentication', challenge, nothing);
      if (!begun) return refuse(c, parts, 'no such challenge in this browser');
      const passkey = await parts.passkeys.find(response.id, handleIn(response));
      if (!passkey) return refuse(c, parts, 'no such passkey');
      const known = { ...passkey, user: handleOf(passkey.user) };
      const verified = await verifyAuthentication(partyOf(c, parts), response, challenge, known);
      if (!verified.ok) return refuse(c, parts, verified.reason);
      const at = parts.clock();
      if (!(await parts.passkeys.used(passkey.id, verified.counter, at, passkey.user)))
        return refuse(c, parts, 'the counter of the passkey does not go on');
      const signedIn = await parts.curfew.signIn(c, {
        user: passkey.user,
        method: passkeyMethods,
        authenticatedAt: at,
        remember,
        transport,
        ...(session !== undefined && { session }),
      });
      if (!signedIn.ok) return problem(c, signedIn.code, { status: signedIn.status });
      const { session: view, token } = signedIn;
      return c.json({ session: view, ...(token !== undefined && { token }) }, 200, { 'Cache-Control': 'no-store' });
    });

/** A user's own passkeys. They are made and removed only shortly after a proof of who the user is. @see ASVS 5.0 7.5.1 */
export const passkeyRoutes = ({ handleOf = asItIs, ...parts }: PasskeyParts) =>
  new Hono<SessionEnv>()
    .get('/', async (c) => {
      const own = await parts.passkeys.of(c.get('session').user);
      return c.json({ passkeys: own.map(shown) }, 200);
    })
    .post('/registration/options', parts.recent, limitBody(), body(nothing), async (c) => {
      const { user, name } = c.get('session');
      const known = await parts.passkeys.of(user);
      const options = await registrationOptions(partyOf(c, parts), { id: handleOf(user), name: name ?? user }, known);
      await parts.ceremonies.begin(c, 'passkey.registration', options.challenge, { user });
      return c.json({ options }, 200);
    })
    .post('/', parts.recent, limitBody(largestResponse), body(registration), async (c) => {
      const { name, response } = c.req.valid('json');
      const { user } = c.get('session');
      const challenge = challengeOf(response);
      const begun = await parts.ceremonies.take(c, 'passkey.registration', challenge, registering);
      if (begun?.user !== user) return refuse(c, parts, 'no such challenge in this browser');
      const verified = await verifyRegistration(partyOf(c, parts), response, challenge);
      if (!verified.ok) return refuse(c, parts, verified.reason);
      const passkey: Passkey = { ...verified.passkey, user, name, createdAt: parts.clock(), lastUsedAt: null };
      if (!(await parts.passkeys.add(passkey))) return refuse(c, parts, 'the passkey is known already');
      return c.json({ passkey: shown(passkey) }, 201);
    })
    .delete('/:id', parts.recent, async (c) => {
      const removed = await parts.passkeys.remove(c.get('session').user, c.req.param('id'));
      return removed ? c.body(null, 204) : problem(c, 'not_found');
    });
