/** A field of a body: a good value, whether it may be left out, and a text that is too long for it. */
export interface Field {
  readonly good: unknown;
  readonly optional?: true;
  /** Whether `null` says something, too. */
  readonly nullable?: true;
  readonly tooLong?: string;
  /** Values of the right type that are wrong all the same. */
  readonly bad?: readonly unknown[];
}

/** What a route takes. */
export interface Row {
  /**
   * `session`: needs one; `optional`: judges one where there is one; `jar`: looks at the cookie only to know whose it
   * replaces; `none`: nobody is asked.
   */
  readonly asks: 'session' | 'optional' | 'jar' | 'none';
  readonly body?: Readonly<Record<string, Field>>;
  readonly queries?: readonly string[];
}

const username: Field = { good: 'newcomer', tooLong: 'x'.repeat(1_025), bad: [''] };
const password: Field = { good: 'correct horse', tooLong: 'x'.repeat(1_025), bad: [''] };
const carrier = {
  remember: { good: false, optional: true },
  transport: { good: 'bearer', optional: true, tooLong: 'bearer'.repeat(999), bad: ['', 'pigeon', 'COOKIE'] },
} as const;
const title: Field = { good: 'Plans', tooLong: 'x'.repeat(201), bad: ['', ' \t ', 'a\ud800b'] };

/** What an authenticator answers, in shape; it proves nothing. */
const proof = (response: object): Field => ({
  good: { id: 'AA', rawId: 'AA', type: 'public-key', clientExtensionResults: {}, response },
  bad: [{}, { id: 'not base64url!' }],
});

/** Every route there is, with what it takes: whatever attacks all routes goes by it. */
export const rows: Readonly<Record<string, Row>> = {
  'GET /healthz': { asks: 'none' },
  'GET /readyz': { asks: 'none' },
  'GET /metrics': { asks: 'none' },
  'GET /openapi.json': { asks: 'none' },
  'GET /docs': { asks: 'none' },
  'GET /api/policy': { asks: 'none' },
  'GET /api/oidc/start': {
    asks: 'none',
    queries: [
      'returnTo=https://evil.example',
      'returnTo=',
      'session=',
      'session=a%20b',
      'remember=1',
      'transport=pigeon',
      'surprise=1',
    ],
  },
  'GET /api/oidc/callback': { asks: 'none' },
  'POST /api/oidc/back-channel-logout': { asks: 'none' },
  'POST /api/sign-in/passkey/options': { asks: 'optional' },
  'POST /api/sign-in/passkey': {
    asks: 'optional',
    body: {
      response: proof({ clientDataJSON: 'AA', authenticatorData: 'AA', signature: 'AA', userHandle: 'AA' }),
      session: { good: 'some-session', optional: true, tooLong: 'x'.repeat(201), bad: [''] },
      ...carrier,
    },
  },
  'POST /api/sign-in/oidc': {
    asks: 'optional',
    body: { answer: { good: 'code=some-code&state=some-state', tooLong: 'x'.repeat(8_193), bad: [''] } },
  },
  'GET /api/passkeys': { asks: 'session' },
  'POST /api/passkeys/registration/options': { asks: 'session' },
  'POST /api/passkeys': {
    asks: 'session',
    body: {
      name: { good: 'Phone', tooLong: 'x'.repeat(101), bad: ['', ' ', 'a\ud800b'] },
      response: proof({ clientDataJSON: 'AA', attestationObject: 'AA' }),
    },
  },
  'DELETE /api/passkeys/:id': { asks: 'session' },
  'DELETE /api/account': { asks: 'session' },
  'GET /.well-known/jwks.json': { asks: 'none' },
  'POST /api/auth/register': {
    asks: 'jar',
    body: {
      username: { ...username, tooLong: 'x'.repeat(101), bad: ['', '  ', 'a\r\nb', 'a\u0000b', '\ud800', 'a\u202eb'] },
      password: { ...password, bad: ['', '7 chars', 'half a pair \ud800'] },
      ...carrier,
    },
  },
  'POST /api/auth/login': { asks: 'jar', body: { username, password, ...carrier } },
  'POST /api/auth/logout': { asks: 'session', body: { forgetDevice: { good: false, optional: true } } },
  'POST /api/auth/refresh': {
    asks: 'session',
    body: { intent: { good: 'rotate', optional: true, tooLong: 'rotate'.repeat(999), bad: ['', 'live for ever'] } },
  },
  'POST /api/auth/reauthenticate': { asks: 'session', body: { password } },
  'POST /api/auth/password': {
    asks: 'session',
    body: {
      password,
      newPassword: { good: 'correct horse', tooLong: 'x'.repeat(1_025), bad: ['', '7 chars', 'half a pair \ud800'] },
      keepOthers: { good: true, optional: true },
    },
  },
  'GET /api/auth/me': { asks: 'session' },
  'DELETE /api/auth/me': { asks: 'session', body: { password } },
  'GET /api/auth/me/export': { asks: 'session' },
  'GET /api/auth/vault-key': { asks: 'session' },
  'GET /api/auth/session-info': { asks: 'session' },
  'POST /api/auth/activity': { asks: 'session', body: { ageMs: { good: 0, bad: [-1, -0.001] } } },
  'PUT /api/auth/leases/:kind': { asks: 'session', body: { ms: { good: 60_000, bad: [0, -1, 0.5] } } },
  'DELETE /api/auth/leases/:kind': { asks: 'session' },
  'POST /api/auth/warning': {
    asks: 'session',
    body: { stage: { good: 'toast', tooLong: 'toast'.repeat(999), bad: ['', 'siren'] }, visible: { good: true } },
  },
  'GET /api/auth/sessions': { asks: 'session', queries: ['ended=maybe', 'ended=', 'ended=TRUE', 'surprise=1'] },
  'DELETE /api/auth/sessions': { asks: 'session' },
  'DELETE /api/auth/sessions/:id': { asks: 'session' },
  'GET /api/auth/sessions/:id/events': {
    asks: 'session',
    queries: ['-1', 'x', '1.5', '1e3', '1e999', 'NaN', '0x10', '', '%2B5', '%205', '9'.repeat(400)]
      .map((after) => `after=${after}`)
      .concat('surprise=1'),
  },
  'GET /api/auth/ways': { asks: 'session' },
  'POST /api/auth/socket-ticket': { asks: 'session' },
  'GET /api/auth/verify': { asks: 'none' },
  'GET /api/auth/stream': { asks: 'session' },
  'GET /api/admin/sessions': {
    asks: 'session',
    queries: ['limit=0', 'limit=101', 'limit=x', 'state=alive', 'after=nonsense', 'user=', 'surprise=1'],
  },
  'GET /api/admin/sessions/:id/events': { asks: 'session', queries: ['after=-1', 'after=x', 'surprise=1'] },
  'DELETE /api/admin/sessions/:id': { asks: 'session' },
  'DELETE /api/admin/users/:id/sessions': { asks: 'session' },
  'GET /api/drafts': { asks: 'session' },
  'GET /api/drafts/:key': { asks: 'session' },
  'PUT /api/drafts/:key': {
    asks: 'session',
    body: {
      ciphertext: { good: 'Y2lwaGVy', bad: ['', 'not base64url!', 'a+b/', 'YQ=='] },
      savedAt: { good: 1, bad: [-1, 0.5] },
      expiresAt: { good: 2 ** 45, optional: true, bad: [-1, 0.5] },
    },
  },
  'DELETE /api/drafts/:key': { asks: 'session' },
  'GET /api/conversations': { asks: 'session' },
  'POST /api/conversations': { asks: 'session', body: { title } },
  'GET /api/conversations/:id': { asks: 'session' },
  'PATCH /api/conversations/:id': { asks: 'session', body: { title } },
  'DELETE /api/conversations/:id': { asks: 'session' },
  'POST /api/conversations/:id/messages': {
    asks: 'session',
    body: { body: { good: 'Hello', tooLong: 'x'.repeat(1_000_001), bad: ['', 'a\udc00b'] } },
  },
  'GET /api/settings': { asks: 'session' },
  'PUT /api/settings': {
    asks: 'session',
    body: {
      theme: { good: 'dark', tooLong: 'dark'.repeat(999), bad: ['', 'pink'] },
      density: { good: 'compact', bad: ['', 'none'] },
      language: { good: 'de', optional: true, bad: ['', 'xx', 'EN'] },
      notification: { good: true, optional: true, bad: ['', 'true', 1] },
      sound: { good: false, optional: true, bad: ['', 'false', 0] },
      warnBefore: {
        good: 600_000,
        optional: true,
        nullable: true,
        bad: ['', '600000', 0, 60_000, 600_000.5, 3_600_000],
      },
    },
  },
};

/** The rows as a list. */
export const table = Object.entries(rows).map(([name, row]) => {
  const [method = '', path = ''] = name.split(' ');
  return { name, method, path, ...row };
});
/** Those that need a session. */
export const asking = table.filter(({ asks }) => asks === 'session');
/** Those that read a body. */
export const reading = table.flatMap(({ body, ...rest }) => (body ? [{ ...rest, body }] : []));

/** A path with its places filled. */
export const pathOf = (path: string, id: string): string =>
  path.replace(':id', id).replace(':key', 'letter').replace(':kind', 'call');

/** A body that a route takes. */
export const goodOf = (body: Readonly<Record<string, Field>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).map(([field, { good }]) => [field, good]));

/** The routes that an application has, as the rows name them. */
export const routesOf = (app: {
  readonly routes: readonly { readonly method: string; readonly path: string }[];
}): ReadonlySet<string> =>
  new Set(app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`));
