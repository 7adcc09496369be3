import {
  isLeaf,
  sessionEvents,
  type Duration,
  type Entry,
  type Instant,
  type Leaf,
  type Limit,
  type Policy,
  type Reason,
} from '../../machines/index.ts';

/** A conversation as it is listed. */
export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** One message of a conversation. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly createdAt: Instant;
}

/** A conversation with everything in it, oldest first. */
export interface Thread {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
}

/** How the application looks to a user. */
export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  /** Of the warning and the locked screen. */
  readonly language: 'en' | 'de';
  /** Whether a notification warns the user while the tab is hidden, where the browser lets it. */
  readonly notification: boolean;
  /** Whether a short sound does. */
  readonly sound: boolean;
  /** How long before the end the user is warned, in ms, from the next sign-in on; `null` as the application has set it. */
  readonly warnBefore: Duration | null;
}

/** One way to sign in, as the sign-in page offers it. */
export type SignInWay =
  | { readonly kind: 'password' }
  | { readonly kind: 'passkey' }
  | { readonly kind: 'sso'; readonly name: string; readonly url: string };

/** One of the person's passkeys. */
export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
}

/** One of the person's sessions, as it is listed. */
export interface SessionSummary {
  readonly id: string;
  /** The one that asked. */
  readonly current: boolean;
  readonly leaf: Leaf;
  readonly reason?: Reason;
  /** Which limit it lapsed at, where it did. */
  readonly lapsedFor?: Limit;
  readonly version: number;
  readonly policy: Policy;
  /** `null` once it has been erased. */
  readonly device: { readonly userAgent: string | null; readonly address?: string | null } | null;
  readonly startedAt: Instant;
  readonly lastActivityAt: Instant;
  readonly endedAt?: Instant;
  /** How the last sign-in was proved. */
  readonly method: readonly string[];
  readonly provedAt: Instant;
  /** By whose word; left out when it was this server. */
  readonly issuer?: string;
}

/** A session of anybody's, as administrators see it. */
export interface FoundSession extends SessionSummary {
  /** The name is `null` once the account has been erased. */
  readonly user: { readonly id: string; readonly username: string | null };
}

/** What administrators find; `next` where there is more than fits. */
export interface Found {
  readonly sessions: readonly FoundSession[];
  readonly next?: string;
}

/** An entry of a session's log, with what the server noted when it wrote it. */
export interface LogEntry extends Entry {
  readonly recordedAt: Instant;
  readonly hash: string;
}

/** A part of a session's log; `next` is where to go on. */
export interface LogPage {
  readonly events: readonly LogEntry[];
  readonly next?: number;
}

/** Tells whether an answer of the server is what was asked for. */
export type Guard<Value> = (body: unknown) => body is Value;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const areTexts = (of: Fields, ...names: string[]): boolean => names.every((name) => typeof of[name] === 'string');
const areNumbers = (of: Fields, ...names: string[]): boolean => names.every((name) => typeof of[name] === 'number');

const isConversation = (value: unknown): value is Conversation =>
  isFields(value) && areTexts(value, 'id', 'title') && areNumbers(value, 'createdAt', 'updatedAt');

const isMessage = (value: unknown): value is Message =>
  isFields(value) && areTexts(value, 'id', 'body') && areNumbers(value, 'createdAt');

/** Settings, as the server sends them and as this tab remembers them. */
export const isSettings = (value: unknown): value is Settings =>
  isFields(value) &&
  (value['theme'] === 'system' || value['theme'] === 'light' || value['theme'] === 'dark') &&
  (value['density'] === 'comfortable' || value['density'] === 'compact') &&
  (value['language'] === 'en' || value['language'] === 'de') &&
  typeof value['notification'] === 'boolean' &&
  typeof value['sound'] === 'boolean' &&
  (value['warnBefore'] === null || typeof value['warnBefore'] === 'number');

const isPolicy = (value: unknown): value is Policy =>
  isFields(value) &&
  areNumbers(value, 'idleTimeout', 'absoluteTimeout', 'warnBefore', 'restoreWindow', 'maxSessions') &&
  (value['remembered'] === null || isFields(value['remembered']));

const isLeafText = (value: unknown): boolean => typeof value === 'string' && isLeaf(value);

const isSummary = (value: unknown): value is SessionSummary =>
  isFields(value) &&
  areTexts(value, 'id') &&
  typeof value['current'] === 'boolean' &&
  isLeafText(value['leaf']) &&
  (value['reason'] === undefined || areTexts(value, 'reason')) &&
  (value['lapsedFor'] === undefined || value['lapsedFor'] === 'idle' || value['lapsedFor'] === 'absolute') &&
  isPolicy(value['policy']) &&
  (value['device'] === null || isFields(value['device'])) &&
  Array.isArray(value['method']) &&
  value['method'].every((each) => typeof each === 'string') &&
  (value['issuer'] === undefined || areTexts(value, 'issuer')) &&
  areNumbers(value, 'version', 'startedAt', 'lastActivityAt', 'provedAt');

const isLogEntry = (value: unknown): value is LogEntry =>
  isFields(value) &&
  areNumbers(value, 'version', 'at', 'recordedAt') &&
  areTexts(value, 'type', 'rules', 'hash') &&
  (value['type'] === 'session.started' || Object.hasOwn(sessionEvents, String(value['type']))) &&
  (value['from'] === null || isLeafText(value['from'])) &&
  isLeafText(value['to']) &&
  isFields(value['data']);

export const hasConversations = (body: unknown): body is { readonly conversations: readonly Conversation[] } =>
  isFields(body) && Array.isArray(body['conversations']) && body['conversations'].every(isConversation);

export const hasConversation = (body: unknown): body is { readonly conversation: Conversation } =>
  isFields(body) && isConversation(body['conversation']);

export const isThread = (body: unknown): body is Thread =>
  isFields(body) &&
  isConversation(body['conversation']) &&
  Array.isArray(body['messages']) &&
  body['messages'].every(isMessage);

export const hasMessage = (body: unknown): body is { readonly message: Message } =>
  isFields(body) && isMessage(body['message']);

export const hasSettings = (body: unknown): body is { readonly settings: Settings } =>
  isFields(body) && isSettings(body['settings']);

const isWay = (value: unknown): value is SignInWay =>
  isFields(value) &&
  (value['kind'] === 'password' ||
    value['kind'] === 'passkey' ||
    (value['kind'] === 'sso' && areTexts(value, 'name', 'url')));

/** What the sign-in page has to know. */
export interface SignInPolicy {
  readonly policy: Policy;
  readonly canRegister: boolean;
  /** What a user may choose in place of the policy's warning, in ms. */
  readonly longerWarnings: readonly Duration[];
  readonly ways: readonly SignInWay[];
}

export const hasPolicy = (body: unknown): body is SignInPolicy =>
  isFields(body) &&
  isPolicy(body['policy']) &&
  typeof body['canRegister'] === 'boolean' &&
  Array.isArray(body['longerWarnings']) &&
  body['longerWarnings'].every((each) => typeof each === 'number') &&
  Array.isArray(body['ways']) &&
  body['ways'].every(isWay);

const isPasskey = (value: unknown): value is Passkey =>
  isFields(value) &&
  areTexts(value, 'id', 'name') &&
  areNumbers(value, 'createdAt') &&
  (value['lastUsedAt'] === null || areNumbers(value, 'lastUsedAt'));

export const hasPasskeys = (body: unknown): body is { readonly passkeys: readonly Passkey[] } =>
  isFields(body) && Array.isArray(body['passkeys']) && body['passkeys'].every(isPasskey);

export const hasPasskey = (body: unknown): body is { readonly passkey: Passkey } =>
  isFields(body) && isPasskey(body['passkey']);

export const hasSessions = (body: unknown): body is { readonly sessions: readonly SessionSummary[] } =>
  isFields(body) && Array.isArray(body['sessions']) && body['sessions'].every(isSummary);

const isFoundSession = (value: unknown): boolean =>
  isSummary(value) && 'user' in value && isFields(value.user) && areTexts(value.user, 'id');

export const isFound = (body: unknown): body is Found =>
  isFields(body) && Array.isArray(body['sessions']) && body['sessions'].every(isFoundSession);

export const isLogPage = (body: unknown): body is LogPage =>
  isFields(body) &&
  Array.isArray(body['events']) &&
  body['events'].every(isLogEntry) &&
  (body['next'] === undefined || areNumbers(body, 'next'));

/** A refusal that goes away once the person has proved again who they are. */
export const asksForProof = (body: unknown): boolean => isFields(body) && body['code'] === 'reauthentication_required';

/** An answer without a body. */
export const isNothing = (body: unknown): body is null => body === null;
