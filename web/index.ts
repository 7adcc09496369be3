export { CurfewProvider, type CurfewProviderProps } from './provider.tsx';
export { useCurfew, useDraft, useInventory, useKept, usePlace, useRemaining, type Draft } from './hooks.ts';
export type { DraftCopy, DraftOptions, DraftState, DraftStatus } from './drafts.ts';
export type { Kept } from './inventory.ts';
export type { Keepable } from './place.ts';
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
  countInWords,
  durationInWords,
  listInWords,
  reasonInWords,
  toldAtSignIn,
  type Announcement,
  type Politeness,
} from './words.ts';
