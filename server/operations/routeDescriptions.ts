import type { ProblemCode } from '../http/problem.ts';
import {
  password,
  newPassword,
  entering,
  admitted,
  answeredDraft,
  renewed,
  draft,
  history,
  userExport,
} from './members.ts';
import { anything, flag, list, object, of, oneOf, orNull, text, whole, type Shape } from './shape.ts';

/** What a route takes and answers, in words and shapes. */
export interface RouteDescription {
  readonly summary: string;
  /** Who may call it; default a live session. */
  readonly asks?: 'anyone' | 'credential' | 'session' | 'administrator';
  readonly query?: Readonly<Record<string, Shape>>;
  /** Headers that may be sent, besides those of every route. */
  readonly headers?: Readonly<Record<string, Shape>>;
  readonly body?: Readonly<Record<string, Shape>>;
  /** Members of the body that may be left out. */
  readonly optional?: readonly string[];
  /** What it answers when it works, by status: members, of which those that end with `?` may be left out, another media type, or nothing. */
  readonly answers: Readonly<Record<number, Readonly<Record<string, Shape>> | string | null>>;
  /** Besides what every route of its kind can refuse. */
  readonly refuses?: readonly ProblemCode[];
  /** Refusals under another status than the code's own. */
  readonly refusesAs?: Readonly<Record<number, ProblemCode>>;
}

/** Routes by method and path, such as `GET /api/hello/:name`. */
export type RouteDescriptions = Readonly<Record<string, RouteDescription>>;

/** What a sign-in that is repeated with its `Idempotency-Key` can be refused with, besides. */
const repeated = ['idempotency_key_reused', 'session_lapsed', 'session_ended'] as const;

/** Every route of Curfew, those of operations included. */
export const routeDescriptions: RouteDescriptions = {
  'GET /healthz': { summary: 'Whether the process runs', asks: 'anyone', answers: { 200: { status: text } } },
  'GET /readyz': {
    summary: 'Whether requests can be served',
    asks: 'anyone',
    answers: { 200: { status: text, 'warnings?': list(text) } },
    refuses: ['unavailable'],
  },
  'GET /metrics': {
    summary: 'Counts for Prometheus; to this machine only',
    asks: 'anyone',
    answers: { 200: 'text/plain' },
    refuses: ['not_found'],
  },
  'GET /openapi.json': {
    summary: 'This description',
    asks: 'anyone',
    answers: { 200: { openapi: text, info: anything, servers: list(anything), paths: anything, components: anything } },
  },
  'GET /docs': { summary: 'This description, to read', asks: 'anyone', answers: { 200: 'text/html' } },
  'GET /.well-known/jwks.json': {
    summary: 'Public keys of tokens; none for HS256',
    asks: 'anyone',
    answers: { 200: { keys: list(of('PublicKey')) } },
  },
  'POST /api/auth/register': {
    summary: 'Create an account and sign in',
    asks: 'anyone',
    headers: { 'Idempotency-Key': { type: 'string', minLength: 22, maxLength: 255 } },
    body: { ...entering, password: newPassword },
    optional: ['remember', 'transport'],
    answers: { 201: admitted },
    refuses: [
      ...(['username_taken', 'https_required', 'too_many_attempts', 'session_mismatch', 'unavailable'] as const),
      ...repeated,
      'invalid_credentials',
    ],
  },
  'POST /api/auth/login': {
    summary: 'Sign in',
    asks: 'anyone',
    headers: { 'Idempotency-Key': { type: 'string', minLength: 22, maxLength: 255 } },
    body: entering,
    optional: ['remember', 'transport'],
    answers: { 200: admitted },
    refuses: [
      ...(['invalid_credentials', 'https_required', 'session_limit', 'too_many_attempts'] as const),
      ...(['session_mismatch', 'unavailable'] as const),
      ...repeated,
    ],
  },
  'POST /api/auth/logout': {
    summary: 'Sign out, whatever the session’s state',
    asks: 'credential',
    body: { forgetDevice: flag },
    optional: ['forgetDevice'],
    answers: { 204: null },
  },
  'POST /api/auth/refresh': {
    summary: 'A new token; with intent extend, a person answered',
    asks: 'credential',
    body: { intent: oneOf('extend', 'rotate') },
    optional: ['intent'],
    answers: { 200: renewed },
    refuses: ['cannot_extend', 'session_lapsed', 'session_ended', 'token_superseded'],
  },
  'POST /api/auth/activity': {
    summary: 'A person did something so long ago',
    body: { ageMs: { type: 'number', minimum: 0 } },
    answers: { 200: { session: of('Session') } },
  },
  'POST /api/auth/warning': {
    summary: 'A person was warned',
    body: { stage: oneOf('toast', 'dialog'), visible: flag },
    answers: { 204: null },
  },
  'PUT /api/auth/leases/:kind': {
    summary: 'Declare an activity with an end',
    body: { ms: { type: 'integer', minimum: 1 } },
    answers: { 200: { session: of('Session') } },
    refuses: ['lease_forbidden', 'answer_first'],
  },
  'DELETE /api/auth/leases/:kind': {
    summary: 'A declared activity is over',
    answers: { 204: null },
    refuses: ['lease_forbidden', 'answer_first'],
  },
  'POST /api/auth/reauthenticate': {
    summary: 'Prove again who is here; resumes a lapsed session',
    asks: 'credential',
    body: { password },
    answers: { 200: admitted },
    refuses: ['invalid_credentials', 'session_limit', 'too_many_attempts'],
    refusesAs: { 410: 'session_ended' },
  },
  'POST /api/auth/password': {
    summary: 'Change the password; ends the other sessions unless they are to be kept',
    body: { password, newPassword, keepOthers: flag },
    optional: ['keepOthers'],
    answers: { 204: null },
    refuses: ['invalid_credentials', 'too_many_attempts'],
  },
  'GET /api/auth/me': { summary: 'Who is signed in', answers: { 200: { user: of('User') } } },
  'DELETE /api/auth/me': {
    summary: 'Close the account: ends all sessions and erases personal data',
    body: { password },
    answers: { 204: null },
    refuses: ['invalid_credentials', 'too_many_attempts'],
  },
  'GET /api/auth/me/export': {
    summary: 'Everything that is kept of the user, as one file',
    answers: { 200: userExport },
    refuses: ['cross_site', 'reauthentication_required'],
  },
  'GET /api/auth/vault-key': {
    summary: 'The keys of preserved work',
    answers: { 200: { vaultKey: of('VaultKey'), 'olderKeys?': list(of('VaultKey')) } },
  },
  'GET /api/auth/session-info': {
    summary: 'How the session is, dead or alive; never extends it',
    asks: 'credential',
    answers: { 200: { session: of('Session') }, 304: null },
    refuses: ['token_superseded'],
  },
  'GET /api/auth/sessions': {
    summary: 'One’s own sessions',
    query: { ended: oneOf('true', 'false'), after: text, limit: { type: 'integer', minimum: 1, maximum: 100 } },
    answers: { 200: { sessions: list(of('Summary')), 'next?': text } },
  },
  'DELETE /api/auth/sessions': {
    summary: 'End all other sessions',
    answers: { 204: null },
    refuses: ['reauthentication_required'],
  },
  'DELETE /api/auth/sessions/:id': {
    summary: 'End one of one’s sessions',
    answers: { 204: null },
    refuses: ['reauthentication_required', 'not_found'],
  },
  'GET /api/auth/sessions/:id/events': {
    summary: 'The log of one of one’s sessions',
    query: { after: whole },
    answers: { 200: history },
    refuses: ['not_found'],
  },
  'GET /api/auth/ways': {
    summary: 'In which ways the user can sign in again; to a credential of the session, dead or alive',
    asks: 'credential',
    answers: { 200: { ways: list(of('Way')), user: object({ name: orNull(text) }, []) } },
  },
  'POST /api/auth/socket-ticket': {
    summary: 'A ticket for one WebSocket, for 30 s: `?ticket=` in its address',
    answers: { 200: { ticket: text } },
  },
  'GET /api/auth/verify': {
    summary: 'To trusted proxies: whether the request they have may pass, and whose it is',
    answers: { 204: null },
    refuses: ['cross_site', 'forbidden'],
  },
  'GET /api/auth/stream': { summary: 'The session as it changes', answers: { 200: 'text/event-stream' } },
  'GET /api/admin/sessions': {
    summary: 'Anybody’s sessions, newest first',
    asks: 'administrator',
    query: {
      user: text,
      state: oneOf('active', 'expiring', 'lapsed', 'ended'),
      after: text,
      limit: { type: 'integer', minimum: 1, maximum: 100 },
    },
    answers: { 200: { sessions: list(of('Summary')), 'next?': text } },
  },
  'GET /api/admin/sessions/:id/events': {
    summary: 'The log of anybody’s session',
    asks: 'administrator',
    query: { after: whole },
    answers: { 200: history },
    refuses: ['not_found'],
  },
  'DELETE /api/admin/sessions/:id': {
    summary: 'End anybody’s session',
    asks: 'administrator',
    answers: { 204: null },
    refuses: ['not_found'],
  },
  'DELETE /api/admin/users/:id/sessions': {
    summary: 'End all sessions of a user',
    asks: 'administrator',
    answers: { 204: null },
    refuses: ['not_found'],
  },
  'GET /api/drafts': { summary: 'Which work is preserved', answers: { 200: { drafts: list(of('ListedDraft')) } } },
  'GET /api/drafts/:key': {
    summary: 'Preserved work; with If-None-Match only another copy',
    answers: { 200: answeredDraft, 304: null },
    refuses: ['not_found'],
  },
  'PUT /api/drafts/:key': {
    summary: 'Preserve work; with If-Match only over that copy',
    body: draft,
    optional: ['expiresAt'],
    answers: { 200: answeredDraft, 201: answeredDraft },
    refuses: ['precondition_failed'],
  },
  'DELETE /api/drafts/:key': {
    summary: 'Remove preserved work; with If-Match only that copy',
    answers: { 204: null },
    refuses: ['precondition_failed'],
  },
};
