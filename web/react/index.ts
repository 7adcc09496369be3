'use client';

export { countInWords, english } from '../messages/english.ts';
export type { Messages } from '../messages/messages.types.ts';
export { durationInWords, reasonInWords, type LimitsInWords } from '../../machines/index.ts';
export type { ApplicationIdentity } from './ApplicationName.tsx';
export { CurfewProvider, useActor, useMessages, type CurfewProviderProps } from './provider.tsx';
export {
  useCurfew,
  useDraft,
  useInventory,
  usePreserved,
  useTransitions,
  useViewState,
  useRemaining,
  type Draft,
} from './hooks.ts';
export { useForms, type KeptForms } from './useForms.ts';
export { useLease } from './useLease.ts';
export { useWarningAlert, type WarningAlertOptions } from './useWarningAlert.ts';
export { useWays, type WaysAsked } from './useWays.ts';
export { tellActivity, useFrameActivity } from './frameActivity.ts';
export type { Lease, LeaseOptions, LeaseStatus, TakeLease } from '../client/tab/lease.types.ts';
export type { DraftCopy, DraftOptions, DraftState, DraftStatus } from '../client/work/draft.types.ts';
export type { AdaptedField, Forms, FormsState, KeptCopy, NotKept, NotKeptReason } from '../client/forms/forms.types.ts';
export type { FieldAdapter } from '../client/forms/value.ts';
export type { Preserved } from '../client/work/inventory.ts';
export type { Keepable } from '../client/work/viewStateCodec.ts';
export type { Declared, RequestOptions, SessionFetch } from '../client/http/requests.types.ts';
export type { TabOptions } from '../client/tab/options.ts';
export type { Proof, ProofTab, ProveElsewhere } from '../client/tab/proof.types.ts';
export type { PasskeyWay, PasswordWay, SsoWay, Way, Ways } from '../client/tab/ways.types.ts';
export type { TabActor } from '../client/tab/run.ts';
export type { Transition } from '../client/tab/trace.ts';
export type { Answer, Phase, SignIn, Tab, TabActions, TabState } from '../client/tab/tab.types.ts';
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
export type { AccountActions, PasswordChange } from '../client/tab/account.ts';
export { SessionGuard, type SessionGuardProps } from './SessionGuard.tsx';
export type { OwnScreen } from './OwnScreen.tsx';
export { SessionWarning, type SessionWarningProps } from './SessionWarning.tsx';
export { WarningToast } from './WarningToast.tsx';
export { WarningDialog } from './WarningDialog.tsx';
export { PasswordForm, type PasswordFormProps } from './PasswordForm.tsx';
export { ProveForm, type ProveFormProps } from './ProveForm.tsx';
export { DownloadData } from './DownloadData.tsx';
export { ReauthenticateForm, type ReauthenticateFormProps } from './ReauthenticateForm.tsx';
export { LeaveButtons } from './LeaveButtons.tsx';
export { LockedPage, type LockedPageProps } from './LockedPage.tsx';
export { LockedScreen, type LockedScreenProps } from './LockedScreen.tsx';
export { EndScreen } from './EndScreen.tsx';
export { TimeLeft } from './TimeLeft.tsx';
export { problemInWords } from '../messages/problemInWords.ts';
