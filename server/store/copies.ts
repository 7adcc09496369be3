import { recentlyUsed } from './recentlyUsed.ts';

/** What is told of commits of this process, before they are acknowledged. */
export interface CopyListener {
  /** A session was changed, or purged. */
  readonly session: (id: string) => void;
  /** What is known of a user was changed. */
  readonly user: (id: string) => void;
  /** Anything may have changed. */
  readonly all: () => void;
}

/** By what a process knows that what it has read is still what is kept. A store without it has no copies kept of it. */
export interface CopyRules {
  /**
   * Reads what changes when anybody else has committed: a copy that was read after this was is as good as the store, as long
   * as it is the same and nothing was told of it.
   *
   * @returns `null` while no copy may be used.
   * @throws StoreUnavailable when the store does not answer
   */
  readonly mark: () => number | null;
  /**
   * What it has said last, without asking: whatever is read or written from now on may be kept behind that, and is as good
   * as the store where nobody else has committed since. Default: `mark` costs next to nothing.
   */
  readonly lastMark?: (() => number | null) | undefined;
  /**
   * `mark`, asked once for all who want to know in one turn of the event loop: at its end, so that it holds for whatever has
   * come by then. Default: `mark` costs next to nothing.
   */
  readonly markOfTurn?: () => Promise<number | null>;
  /**
   * Whether an answer to what was let in behind a mark may leave. Default it may: what ends while a request is answered is
   * told to it by its signal.
   */
  readonly holds?: (mark: number) => boolean;
  /** Tells of every commit of this process from now on. */
  readonly watch: (listener: CopyListener) => void;
}

/** A read, or a write that tells of itself, after which a copy may be kept. */
export interface Filling<Value> {
  /**
   * Keeps a copy, unless it was changed since this began.
   *
   * @param own how often it was told of the change that this itself has made
   */
  readonly end: (value: Value | null, own?: number) => void;
}

/** Copies of one kind, each with the mark that it was read behind. */
export interface Copies<Value> {
  /** @param mark what the rules say now. @returns the copy, if it is what is kept. */
  readonly get: (key: string, mark: number | null) => Value | undefined;
  /**
   * To be called before the store is asked, and ended in any case.
   *
   * @param before what the rules have said before that, where it was asked for several at once
   */
  readonly begin: (key: string, before?: number | null) => Filling<Value>;
  readonly delete: (key: string) => void;
  readonly clear: () => void;
  /** In bytes. */
  readonly size: () => number;
}

/** How copies of one kind are kept: small, each with the mark that it was read behind. */
export interface Packing<Value, Packed extends { readonly mark: number }> {
  readonly pack: (value: Value, mark: number) => Packed;
  readonly unpack: (packed: Packed, key: string) => Value;
  /** In bytes. It never changes. */
  readonly sizeOf: (packed: Packed, key: string) => number;
}

/**
 * Keeps copies.
 *
 * @param limit in bytes
 */
export function keepCopies<Value, Packed extends { readonly mark: number }>(
  { mark, lastMark = mark }: Pick<CopyRules, 'mark' | 'lastMark'>,
  limit: number,
  { pack, unpack, sizeOf }: Packing<Value, Packed>,
): Copies<Value> {
  const kept = recentlyUsed<Packed>(limit, sizeOf);
  /** What is being read, and how often each was changed since. */
  const fillings = new Map<string, Set<{ changes: number }>>();

  const change = (key: string): void => fillings.get(key)?.forEach((each) => (each.changes += 1));

  return {
    get(key, present) {
      const found = kept.get(key);
      return found !== undefined && found.mark === present ? unpack(found, key) : undefined;
    },
    // Before it is read: what somebody else commits in between makes the copy useless.
    begin(key, before = lastMark()) {
      const filling = { changes: 0 };
      const same = fillings.get(key) ?? new Set();
      fillings.set(key, same.add(filling));
      return {
        end(value, own = 0) {
          same.delete(filling);
          if (same.size === 0 && fillings.get(key) === same) fillings.delete(key);
          if (value === null || before === null || filling.changes > own) return;
          kept.set(key, pack(value, before));
        },
      };
    },
    delete(key) {
      kept.delete(key);
      change(key);
    },
    clear() {
      kept.clear();
      for (const key of fillings.keys()) change(key);
    },
    size: kept.size,
  };
}
