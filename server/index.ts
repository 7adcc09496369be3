// First: it refuses a Node that is too old.
import './store/nodeVersion.ts';
export { createCurfew, type Curfew } from './curfew.ts';
export type { CurfewRoutes } from './handlers.ts';
export type { Protect } from './http/protect.ts';
export type { Optional, ProtectOptions } from './http/protectOptions.ts';
export type { CurfewOptions, PolicyOption } from './options.ts';
export { InvalidOption } from './invalidOption.ts';
export {
  passwordAccounts as passwords,
  type AccountsOption,
  type OwnAccounts,
  type PasswordOptions,
} from './accounts/passwordAccounts.ts';
export type { Person } from './accounts/accounts.ts';
export type { RoleOption } from './accounts/roles.ts';
export type { PasskeyWay, PasswordWay, SsoWay, Way, WaysOption } from './routes/ways.ts';
export type { OpenStore, StoreAdapter } from './store/adapter.ts';
export type { ActiveSession } from './http/activeSession.ts';
export type { OptionalSessionEnv, SessionEnv } from './http/requireSession.ts';
export type { Authenticate, Authenticated } from './verbs/authenticate.ts';
export type { Answered, Carrier, Refused } from './verbs/carrier.ts';
export type { SignedIn, SignedInUser, SignIn } from './verbs/signIn.ts';
export type { SignedOut, SignOut } from './verbs/signOut.ts';
export type { RevocationTarget, Revoke, RevokedSessions } from './verbs/revoke.ts';
export type { Erase } from './verbs/erase.ts';
export type { FindSessions, FoundSessions, ListedSession, ListSessions, Sessions } from './verbs/sessions.ts';
export type { AppliedPolicy, ApplyPolicy } from './verbs/applyPolicy.ts';
export type { BackChannelLogout } from './verbs/backChannelLogout.ts';
export type { BeginHandOver, BegunHandOver, HandedOver, HandOver, TakenOver } from './verbs/handOver.ts';
export type { PostedForm } from './verbs/postedForm.ts';
export type { LogoutClaims } from './verbs/logoutToken.ts';
export type { Verbs } from './verbs/verbs.ts';
export { PolicyUnavailable, type PolicySubject } from './session/policyOf.ts';
export type { Reference } from './store/references.ts';
export type { EndedSession, OnEnd } from './session/tellEnds.ts';
export type { ExportUserData } from './session/applicationData.ts';
export type { ExportedDraft, ExportedSession, UserExport } from './session/userExport.ts';
export type { LogLine } from './session/logLine.ts';
export type { LogEntry, TransactionalWrite } from './store/eventLog.ts';
export { verifyChain } from './store/chain.ts';
export { StoreUnavailable, UnusableDatabase } from './store/unavailable.ts';
