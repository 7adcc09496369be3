export { createTab } from './tab/tab.ts';
export type { TabOptions } from './tab/options.ts';
export type { Answer, Phase, SignIn, Tab, TabActions, TabState } from './tab/tab.types.ts';
export type { AccountActions, PasswordChange } from './tab/account.ts';
export type { Proof, ProofTab, ProveElsewhere } from './tab/proof.types.ts';
export type { PasskeyWay, PasswordWay, SsoWay, Way, Ways, WaysStore } from './tab/ways.types.ts';
export { redirect, type RedirectOptions } from './tab/redirect.ts';
export { popup, type PopupOptions } from './proofs/popup.ts';
export { finishSignIn, type FinishOptions } from './proofs/finishSignIn.ts';
export { Refused } from './http/problem.ts';
export type { Declared, RequestOptions, SessionFetch } from './http/requests.types.ts';
export type { DraftCopy, DraftOptions, Drafts, DraftState, DraftStatus } from './work/draft.types.ts';
export type { AdaptedField, Forms, FormsState, KeptCopy, NotKept, NotKeptReason } from './forms/forms.types.ts';
export type { FieldAdapter } from './forms/value.ts';
export type { Inventory, Preserved } from './work/inventory.ts';
export type { ViewState } from './work/viewState.ts';
export type { Keepable } from './work/viewStateCodec.ts';
export type { Lease, LeaseOptions, LeaseStatus, TakeLease } from './tab/lease.types.ts';
export type { NoticeCode, Notices } from './tab/notices.ts';
export type { TabActor } from './tab/run.ts';
export type { Trace, Transition } from './tab/trace.ts';
export { durationInWords, reasonInWords } from '../../machines/index.ts';
export { countInWords, english } from '../messages/english.ts';
export type { Messages } from '../messages/messages.types.ts';
export { problemInWords, type ProblemWords } from '../messages/problemInWords.ts';
export { clockText, firstInWords, lastInWords, leftAt, openingOf, timeLeftInWords } from '../messages/warningWords.ts';
export {
  agoInWords,
  announcementAt,
  announcementInWords,
  announcements,
  listInWords,
  toldAtSignIn,
  type Announcement,
  type Politeness,
} from '../messages/words.ts';
