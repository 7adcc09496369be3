/**
 * What this browser keeps from working as it should: nothing outlives the page (`storage_blocked`), or that the user is
 * active cannot be told at once (`activity_blocked`).
 */
export type NoticeCode = 'storage_blocked' | 'activity_blocked';

/** What the user should know of this browser. */
export interface Notices {
  /** The same array as long as nothing changed. */
  readonly list: () => readonly NoticeCode[];
  /** Calls at every change. @returns what stops it */
  readonly subscribe: (listener: () => void) => () => void;
  /** The user has read it: it does not come again. */
  readonly dismiss: (code: NoticeCode) => void;
}

/** @returns the notices, none yet, and what adds one. */
export function createNotices(): { readonly notices: Notices; readonly add: (code: NoticeCode) => void } {
  let all: readonly NoticeCode[] = [];
  const told = new Set<NoticeCode>();
  const listeners = new Set<() => void>();
  const take = (next: readonly NoticeCode[]) => {
    all = next;
    for (const listener of listeners) listener();
  };
  return {
    add(code) {
      if (told.has(code)) return;
      told.add(code);
      take([...all, code]);
    },
    notices: {
      list: () => all,
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      dismiss: (code) => take(all.filter((each) => each !== code)),
    },
  };
}
