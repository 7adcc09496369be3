import { isServerDraft, type ServerDraft } from '../http/wire.ts';
import { seconds, type Instant } from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import type { SessionFetch } from '../http/requests.types.ts';
import { withTimeout } from '../device/withTimeout.ts';

/** What the server has of a draft. */
export type Found =
  | { readonly outcome: 'found'; readonly draft: ServerDraft; readonly version: string }
  | { readonly outcome: 'none' | 'failed' };

/** What became of a copy sent to the server; `differs` with the copy that is there, or `null` when there is none. */
export type PutThere =
  | { readonly outcome: 'kept'; readonly version: string }
  | { readonly outcome: 'differs'; readonly draft: ServerDraft; readonly version: string }
  | { readonly outcome: 'differs'; readonly draft: null }
  | { readonly outcome: 'failed' };

/** The copies of preserved work on the server; what cannot be reached is a value. */
export interface ServerCopies {
  readonly get: (name: string) => Promise<Found>;
  /** @param base the version this copy comes from, so that no other is overwritten. */
  readonly put: (
    name: string,
    draft: ServerDraft & { readonly expiresAt: Instant },
    base: string | null,
  ) => Promise<PutThere>;
  readonly delete: (name: string) => Promise<void>;
}

/** A large draft may take its time on a slow line. */
const answerWithin = seconds(30);

/** What compresses an answer on its way marks its tag as weak, and a weak one matches nothing. */
const versionOf = (response: Response): string | null => response.headers.get('etag')?.replace(/^W\//, '') ?? null;

/** What the copies are reached with: the tab's own `fetch`, and beneath which path. */
export interface ServerCopiesPorts {
  readonly fetch: SessionFetch;
  readonly timer: Timer;
  /** As in `/api`. */
  readonly basePath: string;
}

export function serverCopies({ fetch, timer, basePath }: ServerCopiesPorts): ServerCopies {
  const pathOf = (name: string) => `${basePath}/drafts/${encodeURIComponent(name)}`;
  const attempt = (path: string, init: Parameters<SessionFetch>[1]): Promise<Response | null> =>
    withTimeout(timer, answerWithin, (signal) => fetch(path, { ...init, signal })).catch(() => null);
  async function read(response: Response): Promise<{ draft: ServerDraft; version: string } | null> {
    const draft: unknown = await response.json().catch(() => null);
    const version = versionOf(response);
    return isServerDraft(draft) && version !== null ? { draft, version } : null;
  }

  return {
    async get(name) {
      const response = await attempt(pathOf(name), { activity: 'background' });
      if (response?.status === 404) return { outcome: 'none' };
      const found = response?.ok === true ? await read(response) : null;
      return found ? { outcome: 'found', ...found } : { outcome: 'failed' };
    },
    async put(name, draft, base) {
      const response = await attempt(pathOf(name), {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json', ...(base !== null && { 'If-Match': base }) },
        body: JSON.stringify(draft),
      });
      const version = response && versionOf(response);
      if (response?.ok === true && version !== null) return { outcome: 'kept', version };
      if (response?.status !== 412) return { outcome: 'failed' };
      const other = await read(response);
      return other ? { outcome: 'differs', ...other } : { outcome: 'differs', draft: null };
    },
    async delete(name) {
      await attempt(pathOf(name), { method: 'DELETE' });
    },
  };
}
