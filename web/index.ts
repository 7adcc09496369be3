export { countInWords, english } from './english.ts';
export type { LimitsInWords, Words } from './words.types.ts';
export { durationInWords } from './duration.ts';
export { CurfewProvider, useWords, type CurfewProviderProps } from './provider.tsx';
export {
  useActor,
  useCurfew,
  useDraft,
  useInventory,
  useKept,
  useMoves,
  usePlace,
  useRemaining,
  type Draft,
} from './hooks.ts';
export { useLease } from './useLease.ts';
export { tellActivity, useFrameActivity } from './frameActivity.ts';
export type { Lease, LeaseOptions, LeaseStatus, TakeLease } from './lease.ts';
export type { DraftCopy, DraftOptions, DraftState, DraftStatus } from './draft.types.ts';
export type { Kept } from './inventory.ts';
export type { Keepable } from './place.ts';
export type { Move } from './trace.ts';
export type {
  Answer,
  Declared,
  Phase,
  RequestOptions,
  SessionFetch,
  SignIn,
  TabActions,
  TabState,
} from './tab.types.ts';
export {
  agoInWords,
  announcementAt,
  announcementInWords,
  announcements,
  listInWords,
  reasonInWords,
  toldAtSignIn,
  type Announcement,
  type Politeness,
} from './words.ts';
export type { AccountActions, PasswordChange } from './account.ts';
export { SessionGuard, type SessionGuardProps } from './SessionGuard.tsx';
export { SessionWarning } from './SessionWarning.tsx';
export { WarningToast } from './WarningToast.tsx';
export { WarningDialog } from './WarningDialog.tsx';
export { PasswordForm, type PasswordFormProps } from './PasswordForm.tsx';
export { ProveForm, type ProveFormProps } from './ProveForm.tsx';
export { LockedScreen } from './LockedScreen.tsx';
export { EndScreen } from './EndScreen.tsx';
export { TimeLeft } from './TimeLeft.tsx';
export { problemInWords } from './problemInWords.ts';
