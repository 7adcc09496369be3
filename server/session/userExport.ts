import { setImmediate as nextTurn } from 'node:timers/promises';
import { methodsInWords, standingInWords, type Instant, type Policy } from '../../machines/index.ts';
import { openDraft } from '../keys/draftEnvelope.ts';
import type { SessionQuery, Stored } from '../store/eventLog.ts';
import { change, earliestOf } from './command.ts';
import type { SessionDependencies } from './dependencies.ts';
import { summaryOf } from './summary.ts';

/** An instant as RFC 3339 has it, in UTC: the file is read without this server. */
export type Timestamp = string;

/** A session, as the file with a user's data has it. */
export interface ExportedSession {
  readonly id: string;
  /** The one that asked. */
  readonly current: boolean;
  readonly state: 'active' | 'expiring' | 'lapsed' | 'ended';
  readonly reason?: string;
  readonly startedAt: Timestamp;
  readonly authenticatedAt: Timestamp;
  readonly lastActivityAt: Timestamp;
  readonly lapsedAt?: Timestamp;
  readonly endedAt?: Timestamp;
  /** How the last sign-in was proved. @see RFC 8176 */
  readonly method: readonly string[];
  readonly provedAt: Timestamp;
  /** The provider by whose word; left out when it was this server. */
  readonly issuer?: string;
  readonly device: { readonly userAgent: string | null; readonly address: string | null } | null;
  /** How the last sign-in was proved, and how it stands or why it is over, as sentences. */
  readonly inWords: readonly string[];
}

/** A piece of preserved work, as the file with a user's data has it. */
export interface ExportedDraft {
  readonly key: string;
  readonly version: string;
  readonly savedAt: Timestamp;
  readonly expiresAt?: Timestamp;
  /** `null` when no key of the user opens it. */
  readonly content: string | null;
  /** As it is kept, where it cannot be opened. */
  readonly ciphertext?: string;
}

/** Everything that is kept of one user. @see GDPR art. 15 and 20 */
export interface UserExport {
  readonly format: 'curfew-user-export';
  readonly version: 1;
  readonly exportedAt: Timestamp;
  /** BCP 47, of the sentences. */
  readonly language: 'en';
  /** The name and the role are `null` where none is known. */
  readonly user: { readonly id: string; readonly name: string | null; readonly role: string | null };
  /** The limits that bind the session that asked; durations are in ms. */
  readonly settings: { readonly limits: Policy };
  /** What the application keeps; left out where it adds nothing. */
  readonly application?: Readonly<Record<string, unknown>>;
  /** All that are kept, live and ended, newest first. */
  readonly sessions: readonly ExportedSession[];
  readonly drafts: readonly ExportedDraft[];
}

/** What the file begins with; the lists follow, for they may be long. */
export type ExportHead = Omit<UserExport, 'sessions' | 'drafts' | 'application'>;

/** How many sessions are in memory at once. */
const pageSize = 500;
/** The last instant that a date can say: a client may have written any. */
const lastInstant: Instant = 8.64e15;

/** An instant as the file has it. */
export const timestampOf = (at: Instant): Timestamp => new Date(Math.min(at, lastInstant)).toISOString();

type Subset = Pick<SessionDependencies, 'log' | 'drafts' | 'vault' | 'clock'>;

function exportedSession({ clock }: Subset, stored: Stored, own: string): ExportedSession {
  // On paper: reading writes nothing.
  const { next } = change(stored, [], Math.max(clock(), earliestOf(stored)));
  const summary = summaryOf(next, own);
  const { id, current, state, reason, device, method, issuer, lapsedAt, endedAt } = summary;
  return {
    id,
    current,
    state,
    ...(reason && { reason }),
    startedAt: timestampOf(summary.startedAt),
    authenticatedAt: timestampOf(summary.authenticatedAt),
    lastActivityAt: timestampOf(summary.lastActivityAt),
    ...(lapsedAt !== undefined && { lapsedAt: timestampOf(lapsedAt) }),
    ...(endedAt !== undefined && { endedAt: timestampOf(endedAt) }),
    method,
    provedAt: timestampOf(summary.provedAt),
    ...(issuer !== undefined && { issuer }),
    device,
    inWords: [`Last signed in${methodsInWords(method, issuer)}.`, standingInWords(summary)],
  };
}

/** All sessions of a user, newest first; a page of them is read at a time. */
async function* sessionsOf(parts: Subset, user: string, own: string): AsyncGenerator<ExportedSession, void> {
  for (let after: SessionQuery['after'] | null = null; ;) {
    const page: readonly Stored[] = await parts.log.pageOf(user, after ? { after } : {}, pageSize);
    for (const stored of page) yield exportedSession(parts, stored, own);
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = { startedAt: last.state.context.startedAt, id: last.id };
    await nextTurn();
  }
}

/** All preserved work of a user, decrypted; one piece is read at a time. */
async function* draftsOf({ drafts, vault, clock }: Subset, user: string): AsyncGenerator<ExportedDraft, void> {
  const listed = await drafts.list(user, clock());
  const keys = listed.length > 0 && (await vault.keysOf(user));
  if (!keys) return;
  for (const { key: name } of listed) {
    const draft = await drafts.get(user, name, clock());
    if (!draft) continue;
    const { ciphertext, version, savedAt, expiresAt } = draft;
    const content = openDraft(ciphertext, { user, name, keys });
    yield {
      key: name,
      version,
      savedAt: timestampOf(savedAt),
      ...(expiresAt !== undefined && { expiresAt: timestampOf(expiresAt) }),
      content,
      ...(content === null && { ciphertext }),
    };
    await nextTurn();
  }
}

async function* listOf(before: string, items: AsyncIterable<object>): AsyncGenerator<string, void> {
  let separator = before;
  for await (const item of items) {
    yield `${separator}\n${JSON.stringify(item)}`;
    separator = ',';
  }
  if (separator === before) yield before;
}

/**
 * Everything that is kept of one user, as a JSON document piece by piece, so that little of it is in memory at once. With
 * the first piece the first sessions have been read.
 *
 * @param application what the application adds, as JSON, or `null`
 * @param own the id of the session that asks
 */
export async function* exportText(
  parts: Subset,
  head: ExportHead,
  { own, application }: { readonly own: string; readonly application: string | null },
): AsyncGenerator<string, void> {
  const { id: user } = head.user;
  const added = application === null ? '' : `,\n"application":${application}`;
  yield* listOf(`${JSON.stringify(head).slice(0, -1)}${added},\n"sessions":[`, sessionsOf(parts, user, own));
  yield* listOf('],\n"drafts":[', draftsOf(parts, user));
  yield ']}\n';
}
