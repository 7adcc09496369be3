import type { AuthenticationMethod } from './methods.ts';
import type { Policy } from './policy.ts';
import type { Instant } from './time.ts';

/** How loudly a person was warned: beside the work, or before it. */
export type WarningStage = 'toast' | 'dialog';

/** What a sign-in says of the proof it rests on. */
export interface Authentication {
  readonly method: AuthenticationMethod;
  /** When the person last proved who they are (OpenID Connect: `auth_time`), in epoch ms; left out when it was at `at`. */
  readonly provedAt?: Instant;
  /** The provider that says so; left out when it was this server. */
  readonly issuer?: string;
  /** The provider's own `amr`, as given. */
  readonly amr?: readonly string[];
  /** The provider's own `acr`, as given. */
  readonly acr?: string;
  /** A Curfew client has sent the sign-in, so what its user does will be declared. Left out when that is not known. */
  readonly heard?: true;
}

/** The event that creates a stream. */
export interface SessionStarted extends Authentication {
  readonly type: 'session.started';
  readonly at: Instant;
  readonly user: string;
  readonly policy: Policy;
  readonly remembered: boolean;
  /** Salted commitment to the device's personal data, which is kept apart so that it can be erased. */
  readonly device: string;
}

/** The person proved again who they are: both clocks start over, under the policy now in force. */
export interface Reauthenticated extends Authentication {
  readonly type: 'user.reauthenticated';
  readonly at: Instant;
  readonly generation: number;
  readonly policy: Policy;
}

/**
 * Everything that can happen to a session after it has started. The same words stand in the machine, the log, the wire
 * and the tests. `at` is server time: the moment of receipt, or the deadline itself for `clock.reached`.
 */
export type SessionEvent =
  | { readonly type: 'clock.reached'; readonly at: Instant }
  | { readonly type: 'activity.seen'; readonly at: Instant; readonly seenAt: Instant; readonly generation: number }
  | { readonly type: 'lease.taken'; readonly at: Instant; readonly kind: string; readonly until: Instant }
  | { readonly type: 'lease.released'; readonly at: Instant; readonly kind: string }
  | { readonly type: 'session.extended'; readonly at: Instant; readonly generation: number }
  | { readonly type: 'token.rotated'; readonly at: Instant; readonly generation: number }
  | { readonly type: 'token.confirmed'; readonly at: Instant; readonly generation: number }
  | { readonly type: 'token.replayed'; readonly at: Instant; readonly generation: number }
  | { readonly type: 'token.reused'; readonly at: Instant; readonly generation: number }
  | Reauthenticated
  /** `forgetDevice`: with the session went the server's copies of preserved work. */
  | { readonly type: 'user.signedOut'; readonly at: Instant; readonly forgetDevice?: true }
  | { readonly type: 'session.revoked'; readonly at: Instant; readonly by: string; readonly reason: string }
  | { readonly type: 'session.displaced'; readonly at: Instant; readonly by: string }
  | { readonly type: 'warning.shown'; readonly at: Instant; readonly stage: WarningStage; readonly visible: boolean }
  | { readonly type: 'session.usedAfterEnd'; readonly at: Instant }
  /** A Curfew client has spoken for this session: `Session-Activity` on a request, or an activity report. */
  | { readonly type: 'client.heard'; readonly at: Instant }
  /** The user's limits are others from now on; they can only become tighter in a session that is there. */
  | { readonly type: 'policy.applied'; readonly at: Instant; readonly policy: Policy };

/** The type of an event, such as `activity.seen`. */
export type SessionEventType = SessionEvent['type'];

/** Any entry of a session's log. */
export type LoggedEvent = SessionStarted | SessionEvent;

/** What each field of an event has to be when it is read from outside. */
type FieldKind = 'instant' | 'count' | 'text' | 'texts' | 'flag' | 'true' | 'policy' | 'stage' | 'method';

const started = { user: 'text', policy: 'policy', remembered: 'flag', method: 'method', device: 'text' } as const;

/** Every event type after the first, with what it carries besides `at`; in the order of the table in `machines/README.md`. */
export const sessionEvents = {
  'clock.reached': {},
  'activity.seen': { seenAt: 'instant', generation: 'count' },
  'lease.taken': { kind: 'text', until: 'instant' },
  'lease.released': { kind: 'text' },
  'session.extended': { generation: 'count' },
  'token.rotated': { generation: 'count' },
  'token.confirmed': { generation: 'count' },
  'token.replayed': { generation: 'count' },
  'token.reused': { generation: 'count' },
  'user.reauthenticated': { method: 'method', generation: 'count', policy: 'policy' },
  'user.signedOut': {},
  'session.revoked': { by: 'text', reason: 'text' },
  'session.displaced': { by: 'text' },
  'warning.shown': { stage: 'stage', visible: 'flag' },
  'session.usedAfterEnd': {},
  'client.heard': {},
  'policy.applied': { policy: 'policy' },
} as const satisfies Record<SessionEventType, Record<string, FieldKind>>;

/** What a sign-in may carry, and need not. */
const authentication: Record<string, FieldKind> = {
  provedAt: 'instant',
  issuer: 'text',
  amr: 'texts',
  acr: 'text',
  heard: 'true',
};

const isText = (value: unknown): boolean => typeof value === 'string';
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const fits: Record<FieldKind, (value: unknown) => boolean> = {
  instant: Number.isFinite,
  count: (value) => Number.isInteger(value) && Number(value) >= 0,
  text: isText,
  texts: areTexts,
  flag: (value) => typeof value === 'boolean',
  true: (value) => value === true,
  policy: (value) => typeof value === 'object' && value !== null,
  stage: (value) => value === 'toast' || value === 'dialog',
  method: (value) => value === 'pwd' || areTexts(value),
};

function carries(event: object, fields: Record<string, FieldKind>, optional: Record<string, FieldKind> = {}): boolean {
  const valueOf = (name: string): unknown => (Object.hasOwn(event, name) ? Reflect.get(event, name) : undefined);
  return (
    Number.isFinite(valueOf('at')) &&
    Object.entries(fields).every(([name, kind]) => fits[kind](valueOf(name))) &&
    Object.entries(optional).every(([name, kind]) => !Object.hasOwn(event, name) || fits[kind](valueOf(name)))
  );
}

/** XState keeps every unknown event type it is ever given, so unknown ones are refused before they reach it. */
export const isSessionEventType = (type: string): type is SessionEventType => Object.hasOwn(sessionEvents, type);

/** Whether something read from a log is an event that this version understands. */
export const isSessionEvent = (event: { readonly type: string }): event is SessionEvent =>
  isSessionEventType(event.type) &&
  carries(event, sessionEvents[event.type], event.type === 'user.reauthenticated' ? authentication : {});

/** Whether something read from a log is the event that creates a stream. */
export const isSessionStarted = (event: { readonly type: string }): event is SessionStarted =>
  event.type === 'session.started' && carries(event, started, authentication);
