import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';
import type { TransactionalWrite } from './eventLog.ts';

/** A piece of preserved work, as the browser has encrypted it. */
export interface Draft {
  /** base64url; opaque to what keeps it. */
  readonly ciphertext: string;
  readonly savedAt: Instant;
  readonly expiresAt?: Instant;
}

/** A piece of preserved work as it is kept. */
export interface StoredDraft extends Draft {
  readonly key: string;
  /** Names exactly this content: two copies with one version are equal. Fit for an `ETag`. */
  readonly version: string;
}

/** A piece of preserved work in a list: how large it is, in characters of ciphertext, in place of what is in it. */
export interface ListedDraft extends Omit<StoredDraft, 'ciphertext'> {
  readonly size: number;
}

/** What became of a `put`. */
export type DraftPut =
  | { readonly outcome: 'created' | 'replaced'; readonly draft: StoredDraft }
  /** Another copy is there, or none where one was expected; nothing was written. */
  | { readonly outcome: 'conflict'; readonly other: StoredDraft | null }
  /** There are as many as one user may have, and this would be one more; nothing was written. */
  | { readonly outcome: 'full' };

/** How many pieces of preserved work are kept of one user. */
export const mostDrafts = 1000;

/** Preserved work of users. What has expired at `at` is as if it were not there. */
export interface DraftStore {
  list(user: string, at: Instant): Promise<readonly ListedDraft[]>;
  get(user: string, key: string, at: Instant): Promise<StoredDraft | null>;
  /**
   * Replaces whatever is there, or with `allows` only what it allows: asked with the version that is there, `null` where
   * nothing is.
   *
   * @returns `conflict` with the other copy; `full` when there would be more than `mostDrafts`.
   */
  put(
    user: string,
    key: string,
    draft: Draft,
    at: Instant,
    allows?: (version: string | null) => boolean,
  ): Promise<DraftPut>;
  /** Erases what is there, or only that version of it. @returns whether there was one. */
  remove(user: string, key: string, version?: string): Promise<boolean>;
  /** Ready to erase all of them together with whatever asks for it. */
  eraseWrite(user: string): TransactionalWrite;
  /** Erases what has expired. */
  purge(at: Instant): Promise<void>;
}

const row = z.object({
  key: z.string(),
  saved_at: z.number(),
  expires_at: z.number().nullable(),
  version: z.string(),
});

const plain = ({ key, saved_at: savedAt, expires_at: expiresAt, version }: z.infer<typeof row>) => ({
  key,
  savedAt,
  ...(expiresAt === null ? {} : { expiresAt }),
  version,
});

/** A row of `drafts`. */
export const draftRow = row
  .extend({ ciphertext: z.string() })
  .transform(({ ciphertext, ...rest }): StoredDraft => ({ ...plain(rest), ciphertext }));

/** A row of `drafts` without what is in it. */
export const listedRow = row
  .extend({ size: z.number() })
  .transform(({ size, ...rest }): ListedDraft => ({ ...plain(rest), size }));

/** Names exactly this content. */
export const versionOf = ({ ciphertext, savedAt, expiresAt }: Draft): string =>
  createHash('sha256')
    .update(`${savedAt} ${expiresAt ?? ''} ${ciphertext}`)
    .digest('base64url')
    .slice(0, 22);
