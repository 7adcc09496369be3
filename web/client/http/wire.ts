import { isLeaf, type Instant, type SessionView, type User } from '../../../machines/index.ts';

/** The key that preserved work is encrypted with, as the server releases it. */
export interface VaultKey {
  readonly id: string;
  /** 32 bytes, base64url. */
  readonly key: string;
}

/** The keys that the server releases together: the present one, and earlier ones that only open. */
export interface VaultKeys {
  readonly vaultKey: VaultKey;
  readonly olderKeys?: readonly VaultKey[];
}

const viewInstants = [
  'version',
  'serverNow',
  'startedAt',
  'authenticatedAt',
  'lastActivityAt',
  'warnAt',
  'idleDeadline',
  'absoluteDeadline',
  'tokenExpiresAt',
];

const policyDurations = [
  'idleTimeout',
  'absoluteTimeout',
  'warnBefore',
  'restoreWindow',
  'tokenLifetime',
  'activityResolution',
];

/** Whether something is an object whose members can be looked at. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const areNumbers = (value: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  names.every((name) => Number.isFinite(value[name]));

/** Whether something is what the server tells of a session. */
export const isView = (value: unknown): value is SessionView =>
  isRecord(value) &&
  typeof value['id'] === 'string' &&
  typeof value['leaf'] === 'string' &&
  isLeaf(value['leaf']) &&
  typeof value['state'] === 'string' &&
  areNumbers(value, viewInstants) &&
  isRecord(value['policy']) &&
  areNumbers(value['policy'], policyDurations);

/** Whether something says who is signed in. */
export const isUser = (value: unknown): value is User =>
  isRecord(value) && typeof value['id'] === 'string' && typeof value['username'] === 'string';

/** Whether something is a key for the vault. */
const isVaultKey = (value: unknown): value is VaultKey =>
  isRecord(value) && typeof value['id'] === 'string' && typeof value['key'] === 'string';

/** Whether something holds the keys for the vault. */
export const isVaultKeys = (value: unknown): value is VaultKeys =>
  isRecord(value) &&
  isVaultKey(value['vaultKey']) &&
  (value['olderKeys'] === undefined || (Array.isArray(value['olderKeys']) && value['olderKeys'].every(isVaultKey)));

/** What a sign-in or a re-authentication is answered with. */
export interface Admission extends VaultKeys {
  readonly user: User;
  readonly session: SessionView;
}

/** Whether something is the answer to a sign-in or a re-authentication. */
export const isAdmission = (body: unknown): body is Admission =>
  isRecord(body) && isUser(body['user']) && isView(body['session']) && isVaultKeys(body);

/** A draft as the server keeps it. */
export interface ServerDraft {
  readonly ciphertext: string;
  readonly savedAt: Instant;
}

/** Whether something is a draft as the server keeps it. */
export const isServerDraft = (value: unknown): value is ServerDraft =>
  isRecord(value) && typeof value['ciphertext'] === 'string' && typeof value['savedAt'] === 'number';

const versionOfStatus = /;\s*version=(\d+)/;

/** The version in a `Session-Status` header, `null` when there is none. @see RFC 9651 */
export function versionIn(headers: Headers): number | null {
  const match = versionOfStatus.exec(headers.get('session-status') ?? '');
  return match ? Number(match[1]) : null;
}

/** An answer without a body. */
export const isNothing = (body: unknown): body is null => body === null;

/** Who is signed in, as the server says it: an application without Curfew's accounts may tell a name, or none. */
export interface Me {
  readonly user: { readonly id: string; readonly username?: unknown; readonly name?: unknown; readonly role?: unknown };
}

export const isMe = (body: unknown): body is Me =>
  isRecord(body) && isRecord(body['user']) && typeof body['user']['id'] === 'string';
