import { applyPolicy, type AppliedPolicy, type ApplyPolicy } from './applyPolicy.ts';
import type { ActiveSession } from '../http/activeSession.ts';
import { authenticateWith, sessionOf, type Authenticate } from './authenticate.ts';
import { backChannelLogout, type BackChannelLogout } from './backChannelLogout.ts';
import type { Answered, Carrier } from './carrier.ts';
import type { VerbDependencies } from './dependencies.ts';
import { erase, type Erase } from './erase.ts';
import {
  beginHandOver,
  handOver,
  takeOver,
  type BeginHandOver,
  type BegunHandOver,
  type HandedOver,
  type HandOver,
  type TakenOver,
} from './handOver.ts';
import { revoke, type RevocationTarget, type Revoke, type RevokedSessions } from './revoke.ts';
import { sessions, type Sessions } from './sessions.ts';
import { signIn, type SignedIn, type SignIn } from './signIn.ts';
import { signOut, type SignedOut, type SignOut } from './signOut.ts';

/** What an application's own code does with sessions. */
export interface Verbs {
  /**
   * Signs in a person whose proof the application has checked. The session that the browser has goes on if it is the same
   * user's, lapsed or live; another user's is displaced in the same step; one that has ended, or none, makes a new one. With
   * `session` it acts on that session only. A live session that rests on a proof as young stays as it is.
   *
   * @returns the session and the keys of its preserved work, with the headers to set; or, with nothing changed:
   *
   * - `stale_proof` (403): the proof is not younger than the lapse, or than the last revocation of the user or of everybody,
   *   or the provider has ended its session since; or the policy is strict and it is older than `freshAuth`; or a passkey
   *   without user verification was to resume a lapsed session. Ask the provider again, with `prompt=login` and `max_age=0`.
   * - `session_limit` (409): the user has as many sessions as the policy allows.
   * - `session_ended` (410): the session that `session` names has ended, or is not known.
   * - `session_mismatch` (409): it is another user's, or not the one that the browser has.
   * - `cross_site` (403): an unsafe request of another site, or a cookie that a page of another site could not keep.
   * - `https_required` (403): a cookie over plain http, which browsers do not keep.
   * - `forbidden` (403): the user was erased.
   * - `unavailable` (503): the store, or what tells the policy of the user, does not answer.
   * @throws TypeError with one line that names the argument that is wrong
   * @see ASVS 5.0 7.2.4, 7.6.1, 7.6.2
   *
   * @example
   *   const result = await curfew.signIn(c, { user: 'user-1', method: ['otp'], authenticatedAt: Date.now() });
   *   if (!result.ok) return c.json({ error: result.code }, result.status);
   */
  readonly signIn: (carrier: Carrier, given: SignIn) => Promise<Answered<SignedIn>>;
  /**
   * Judges a request as `protect` does, where there is no Hono: in a route of Next, in Express, before a socket.
   *
   * @example
   *   const answer = await curfew.authenticate(request);
   *   if (!answer.ok) return answer.response;
   */
  readonly authenticate: Authenticate;
  /** Tells whose session a request belongs to, or `null`. It never counts as activity. @see sessionOf */
  readonly session: (carrier: Carrier) => Promise<ActiveSession | null>;
  /**
   * Signs out the session whose credential a request carries, lapsed ones and ended ones included, and takes its cookie out
   * of the jar.
   *
   * @returns the session as it has ended; or, with nothing changed, `unauthenticated` or `invalid_token` (401: there is no
   * credential of ours), `cross_site` (403), `session_mismatch` (409: the page is another session's), `unavailable` (503).
   * @throws TypeError with one line that names the argument that is wrong
   * @see ASVS 5.0 7.4.1
   *
   * @example
   *   const { ok } = await curfew.signOut(c);
   */
  readonly signOut: (carrier: Carrier, given?: SignOut) => Promise<Answered<SignedOut>>;
  /**
   * Ends sessions from any code, lapsed ones too. Once it has returned, no request that is judged afterwards is let in by
   * one of them, on any node. `{ user }` and `'all'` refuse every proof from before this instant, too, and `{ reference }`
   * every sign-in that refers to it in the next ten minutes: a sign-in that is under way gets nothing.
   *
   * @returns how many sessions have ended by it.
   * @throws StoreUnavailable when the store does not take it: nothing, or not everything, has ended
   * @throws TypeError with one line that names the argument that is wrong
   * @see ASVS 5.0 7.4.2, 7.4.5
   *
   * @example
   *   await curfew.revoke({ user: 'user-1' }, { reason: 'password reset by e-mail' });
   */
  readonly revoke: (target: RevocationTarget, given: Revoke) => Promise<RevokedSessions>;
  /**
   * Ends every session of a user and erases what is kept of them, in one transaction: preserved work and its keys, device
   * data, name and role, references to providers, their account where it is Curfew's own, and what `deleteUserData` deletes.
   * The logs of their sessions stay and still verify; they name nobody. The id is remembered as erased, and `signIn` refuses
   * it with `forbidden`, for ever.
   *
   * @returns how many sessions have ended by it.
   * @throws StoreUnavailable when the store does not take it: then nothing was erased
   * @throws TypeError with one line that names the argument that is wrong
   * @see ASVS 5.0 7.4.2
   *
   * @example
   *   await curfew.erase({ user: 'user-1' });
   */
  readonly erase: (given: Erase) => Promise<RevokedSessions>;
  /**
   * Lists the sessions of a user, live and lapsed, newest first; or finds those of all users, a page at a time, where no
   * user is named. Who may see them is for the application to say: it asks nobody.
   *
   * @returns each as it is at this moment; of all users a page, `{ sessions, next }`, whose `next` is `after` of the next one.
   * @throws StoreUnavailable when the store does not answer
   * @throws TypeError with one line that names the argument that is wrong
   * @see ASVS 5.0 7.4.5, 7.5.2
   *
   * @example
   *   const [newest] = await curfew.sessions({ user: 'user-1' });
   *   const { sessions, next } = await curfew.sessions({ state: 'lapsed', limit: 20 });
   */
  readonly sessions: Sessions;
  /**
   * Applies the policy that is now in force for a user to the sessions they have, live and lapsed: to be called when their
   * role changes. It only tightens: what the policy allows more of comes with the next sign-in. A limit that is over by it
   * takes effect at once.
   *
   * @returns how many sessions have tighter limits by it.
   * @throws PolicyUnavailable when the policy cannot be told, StoreUnavailable when the store does not take it
   * @throws TypeError with one line that names the argument that is wrong
   * @see ASVS 5.0 7.1.1
   *
   * @example
   *   const { changed } = await curfew.applyPolicy({ user: 'user-1' });
   */
  readonly applyPolicy: (given: ApplyPolicy) => Promise<AppliedPolicy>;
  /**
   * Takes what an identity provider sends when a user logs out there, ends their sessions here, and refuses every sign-in
   * that refers to the same session at the provider: also one whose code is being exchanged at this moment, or that comes
   * after a token which was faster. The application has a route of its own for it, outside of `protect`.
   *
   * @returns how many sessions have ended, with status 200; or `invalid_logout_token` (400) when the token does not hold, was used
   *   before, or is none, which is recorded in the security log; `too_large` (413), `unavailable` (503).
   * @throws TypeError with one line that names the argument that is wrong
   * @see OpenID Connect Back-Channel Logout 1.0 §2.5–2.8
   *
   * @example
   *   const result = await curfew.backChannelLogout(c, { verify });
   *   return c.body(null, result.ok ? 200 : result.status);
   */
  readonly backChannelLogout: (carrier: Carrier, given: BackChannelLogout) => Promise<Answered<RevokedSessions>>;
  /**
   * Begins a sign-in at a provider that answers by having the browser post a form (SAML, `form_post`). A short cookie binds
   * it to this browser, for 10 minutes: no cookie comes with the post, but it comes with the GET that follows.
   *
   * @returns the `state` to send to the provider; or, with nothing begun, `cross_site` or `https_required` (403: the browser
   *   would not keep the cookie), `unavailable` (503).
   * @throws TypeError with one line that names the argument that is wrong
   * @see RFC 9700 §4.7.1
   *
   * @example
   *   const begun = await curfew.beginHandOver(c, { keep: { nonce, returnTo } });
   */
  readonly beginHandOver: (carrier: Carrier, given?: BeginHandOver) => Promise<Answered<BegunHandOver>>;
  /**
   * Takes the form that a provider has posted, and hands it over to a GET of this application, to which the browser brings
   * its cookies. What was posted is kept encrypted, for 60 s; the address has a code for it, which counts once, and only in
   * the browser that has begun the sign-in which the form names by `state` or `RelayState`. The route for it stands outside
   * of `protect`, and signs nobody in.
   *
   * @returns where to send the browser, with status 303; or `invalid_hand_over` (400) when the form belongs to no sign-in
   *   that has begun, which is recorded in the security log; `too_large` (413: more than 256 KiB), `unavailable` (503).
   * @throws TypeError with one line that names the argument that is wrong
   * @see OAuth 2.0 Form Post Response Mode §2, SAML 2.0 Bindings §3.5
   *
   * @example
   *   const handed = await curfew.handOver(c, { to: '/saml/finish' });
   *   return c.redirect(handed.ok ? handed.location : '/?error=sign-in', 303);
   */
  readonly handOver: (carrier: Carrier, given: HandOver) => Promise<Answered<HandedOver>>;
  /**
   * Takes what was handed over, in the GET to which `handOver` has led. What was posted has to be checked then, as by a
   * library for it, and `signIn` be called.
   *
   * @returns the form, and what `beginHandOver` has kept; or `invalid_hand_over` (400) when the code is unknown, was used, has
   *   expired, or is another browser's, which is recorded in the security log; `cross_site` (403), `unavailable` (503). A code
   *   is used up in any case.
   * @see RFC 9700 §4.7.1
   *
   * @example
   *   const taken = await curfew.takeOver(c);
   *   if (!taken.ok) return c.redirect('/?error=sign-in', 303);
   */
  readonly takeOver: (carrier: Carrier) => Promise<Answered<TakenOver>>;
}

/** Makes the verbs of one application. */
export const createVerbs = (parts: VerbDependencies): Verbs => ({
  signIn: (carrier, given) => signIn(parts, carrier, given),
  authenticate: authenticateWith(parts),
  session: (carrier) => sessionOf(parts, carrier),
  signOut: (carrier, given) => signOut(parts, carrier, given),
  revoke: (target, given) => revoke(parts, target, given),
  erase: (given) => erase(parts, given),
  sessions: sessions(parts),
  applyPolicy: (given) => applyPolicy(parts, given),
  backChannelLogout: (carrier, given) => backChannelLogout(parts, carrier, given),
  beginHandOver: (carrier, given) => beginHandOver(parts, carrier, given),
  handOver: (carrier, given) => handOver(parts, carrier, given),
  takeOver: (carrier) => takeOver(parts, carrier),
});
