import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';

/** Values that can be taken once: by their key, until they expire. */
export interface SingleUse {
  /** @returns whether it was put: `false` when there is an unexpired one with this key. */
  put(key: string, value: string, expiresAt: Instant, at: Instant): Promise<boolean>;
  /** @returns the value, which is gone then; `null` when there is none, or it has expired. */
  take(key: string, at: Instant): Promise<string | null>;
  /** @returns the value, which stays; `null` when there is none, or it has expired. */
  read(key: string, at: Instant): Promise<string | null>;
  /** Erases what has expired. */
  purge(at: Instant): Promise<void>;
}

/** A row of `single_use`. */
export const singleUseRow = z.object({ value: z.string(), expires_at: z.number() });
