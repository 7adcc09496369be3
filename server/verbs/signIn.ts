import type { Context } from 'hono';
import { isMethodList, registeredMethods, seconds, type Instant, type SessionView } from '../../machines/index.ts';
import { isDeclared } from '../http/activity.ts';
import { refuseCrossSite } from '../http/crossSite.ts';
import { refuseUnkeepable } from '../http/keepsCookie.ts';
import { answerSession, issueCredential } from '../http/issueCredential.ts';
import type { Transport } from '../http/cookie.ts';
import { presentedBy } from '../http/presented.ts';
import { problem } from '../http/problem.ts';
import { refuseEnded } from '../http/status.ts';
import { admit, type Admitted } from '../session/admission.ts';
import type { Applicant, AuthenticatedUser } from '../session/entrant.ts';
import type { Reference } from '../store/references.ts';
import type { VaultKeys } from '../store/vault.ts';
import { checkArguments, hasOnly, idInWords, isObject, isText, longestId, shown, type Rules } from './arguments.ts';
import { judgeCarrier, type Answered, type Carrier } from './carrier.ts';
import type { VerbDependencies } from './dependencies.ts';

/** Who has proved who they are. */
export interface SignedInUser {
  /** The application's own stable id: never an e-mail address, never a `sub` without its issuer, never given again. */
  readonly id: string;
  /** Stands apart from the log, so that it can be erased. */
  readonly name?: string | undefined;
  /** What they may do, in a word; what is left out is forgotten. */
  readonly role?: string | undefined;
}

/** A proof that the application has checked, and what to do with it. `undefined` counts as not given. */
export interface SignIn {
  /** Who it is: their id alone, which leaves what is kept of them as it is; or what is to be kept in its place. */
  readonly user: string | SignedInUser;
  /** How they proved it: registered `amr` values, none where that is not known. @see RFC 8176 */
  readonly method: readonly string[];
  /**
   * When they last proved it themselves, in epoch ms: OpenID Connect's `auth_time` times 1000, and 0 where the provider
   * does not say. A provider that answers silently says when that was, not when it answered.
   */
  readonly authenticatedAt: Instant;
  /** The provider that says so; default none: the application itself. */
  readonly issuer?: string | undefined;
  /** The provider's own `amr`, as given. */
  readonly amr?: readonly string[] | undefined;
  /** The provider's own `acr`, as given. */
  readonly acr?: string | undefined;
  /** The session at the provider, `iss` and `sid`: a logout there ends this one. */
  readonly reference?: Reference | undefined;
  /** Whether a new session is to outlive the browser, where the policy allows it. Default `false`. */
  readonly remember?: boolean | undefined;
  /** How the credential travels. Default `cookie`. */
  readonly transport?: Transport | undefined;
  /** The id of the session to act on, and on no other: that of the page which has asked for the proof. */
  readonly session?: string | undefined;
}

/** A session that its user may use now. */
export interface SignedIn extends VaultKeys {
  /** The session as it is now. */
  readonly session: SessionView;
  /** With `transport: 'bearer'` only: the token, to be answered in a body, never in a URL. */
  readonly token?: string;
}

const longestText = 2_000;

/** How far the clock of a provider may be ahead. */
const tolerance = seconds(60);
/** Epoch milliseconds of these days are greater; seconds are not. */
const year1973: Instant = 1e11;

/** What is wrong with a user who is given as an object, or `null`. */
function faultOfUser(user: unknown): string | null {
  if (!isObject(user)) return null;
  const unknown = Object.keys(user).find((name) => !['id', 'name', 'role'].includes(name));
  if (unknown !== undefined) return `there is no user.${unknown}; there are id, name, role`;
  const { id, name, role } = user;
  if (!isText(id, longestId)) return `user.id must be ${idInWords}, and is ${shown(id)}`;
  const isOther = (value: unknown, longest: number) => value !== undefined && !isText(value, longest);
  if (isOther(name, longestText))
    return `user.name must be a text of 1 to ${longestText} characters, and is ${shown(name)}`;
  if (isOther(role, longestId))
    return `user.role must be a text of 1 to ${longestId} characters, and is ${shown(role)}`;
  return null;
}

const isUser = (value: unknown): boolean =>
  isText(value, longestId) || (isObject(value) && faultOfUser(value) === null);

const isReference = (value: unknown): boolean =>
  isObject(value) &&
  hasOnly(value, 'issuer', 'sid') &&
  isText(value['issuer'], longestText) &&
  isText(value['sid'], longestText);

const isPast = (value: unknown, now: Instant): boolean =>
  value === 0 || (typeof value === 'number' && value >= year1973 && value <= now + tolerance);

const rules = (now: Instant): Rules<SignIn> => ({
  user: {
    isRight: isUser,
    allowed: `${idInWords}, or an object of id and, if known, name and role`,
    faultOf: faultOfUser,
    isRequired: true,
  },
  method: {
    isRight: isMethodList,
    allowed: `a list of registered amr values (${registeredMethods.join(', ')}), each once, or an empty one`,
    isRequired: true,
  },
  authenticatedAt: {
    isRight: (value) => isPast(value, now),
    allowed: 'in epoch milliseconds, not more than 60 s in the future, or 0 when it is not known',
    isRequired: true,
  },
  issuer: { isRight: (value) => isText(value, longestText), allowed: 'a text that names the provider' },
  amr: {
    isRight: (value) => Array.isArray(value) && value.every((each) => isText(each, longestText)),
    allowed: 'the list of texts that the provider has given',
  },
  acr: { isRight: (value) => isText(value, longestText), allowed: 'the text that the provider has given' },
  reference: { isRight: isReference, allowed: 'an object of issuer and sid' },
  remember: { isRight: (value) => typeof value === 'boolean', allowed: 'true or false' },
  transport: { isRight: (value) => value === 'cookie' || value === 'bearer', allowed: 'cookie or bearer' },
  session: { isRight: (value) => isText(value, longestId), allowed: 'the id of a session' },
});

/** What the admission is to know of the proof. */
function provedBy(c: Context, given: SignIn, now: Instant): AuthenticatedUser {
  const { user, method, authenticatedAt, issuer, amr, acr, reference } = given;
  const { id, name, role }: SignedInUser = typeof user === 'string' ? { id: user } : user;
  return {
    user: id,
    method,
    // Of a clock that is ahead: what is proved has been proved by now.
    provedAt: Math.min(authenticatedAt, now),
    ...(typeof user !== 'string' && {
      person: { ...(name !== undefined && { name }), ...(role !== undefined && { role }) },
    }),
    ...(role !== undefined && { role }),
    ...(issuer !== undefined && { issuer }),
    ...(amr !== undefined && { amr }),
    ...(acr !== undefined && { acr }),
    ...(reference !== undefined && { reference }),
    ...(isDeclared(c) && { heard: true }),
  };
}

/** What the browser has, and what it asks for; or the refusal to answer with. */
async function applicantOf(
  parts: VerbDependencies,
  c: Context,
  { session, remember = false, transport = 'cookie' }: SignIn,
): Promise<Applicant | Response> {
  const { cookie, credential } = await presentedBy(parts, c);
  const bearer = credential?.transport === 'bearer' ? credential.claims : null;
  const has = transport === 'cookie' ? cookie : bearer;
  if (has) c.set('signer', has.sub);
  const page = c.req.header('Session-Id');
  const isOthers = has !== null && [page, session].some((id) => id !== undefined && id !== has.sid);
  if (isOthers) return problem(c, 'session_mismatch');
  if (session !== undefined) return { kind: 'resumed', id: session };
  const device = { userAgent: c.req.header('User-Agent')?.slice(0, 512) ?? null, address: parts.addressOf(c) };
  return { kind: 'browser', remember, device, has: has?.sid ?? null };
}

function refuse(parts: VerbDependencies, c: Context, { code, session }: Extract<Admitted, { ok: false }>): Response {
  if (code !== 'session_ended') return problem(c, code);
  if (!session) return problem(c, code, { status: 410 });
  return refuseEnded(c, session.state, Math.max(parts.clock(), session.state.context.updatedAt), 410);
}

/** Checks what `signIn` was given. @throws TypeError with one line that names the argument that is wrong */
export const checkSignIn = (given: SignIn, now: Instant): void => checkArguments('signIn', given, rules(now));

/** Does what `Verbs.signIn` says. */
export function signIn(parts: VerbDependencies, carrier: Carrier, given: SignIn): Promise<Answered<SignedIn>> {
  const now = parts.clock();
  checkSignIn(given, now);
  const { transport = 'cookie' } = given;
  return judgeCarrier<SignedIn>(parts, 'signIn', carrier, async (c) => {
    const other = await refuseCrossSite(parts)(c, async () => {});
    if (other instanceof Response) return other;
    const unkeepable = transport === 'cookie' ? refuseUnkeepable(parts, c) : null;
    if (unkeepable) return unkeepable;
    const applicant = await applicantOf(parts, c, given);
    if (applicant instanceof Response) return applicant;
    const proved = provedBy(c, given, now);
    if (await parts.people.isErased(proved.user)) return problem(c, 'forbidden');
    // First, because it may have to be made: a session that cannot be answered must not begin.
    const keys = await parts.vault.keysOf(proved.user);
    const admitted = await admit(parts, proved, applicant);
    if (!admitted.ok) return refuse(parts, c, admitted);
    c.set('stored', admitted.session);
    c.header('Cache-Control', 'no-store');
    const handed = await issueCredential(parts, c, admitted.session, transport);
    return { ...answerSession(c, admitted.session, admitted.at), ...keys, ...handed };
  });
}
