import { anything, flag, list, object, of, oneOf, orNull, text, timestamp, whole, type Shape } from './shape.ts';

const instant: Shape = { type: 'integer', description: 'epoch ms' };
const duration: Shape = { type: 'integer', description: 'ms', minimum: 0 };

const device = orNull(object({ userAgent: orNull(text), address: orNull(text) }, []));

const remembered = object({ idleTimeout: duration, absoluteTimeout: duration }, []);

const session = {
  id: text,
  state: oneOf('active', 'expiring', 'lapsed', 'ended'),
  leaf: text,
  reason: text,
  version: whole,
  startedAt: instant,
  authenticatedAt: instant,
  lastActivityAt: instant,
};

/** What the answers of Curfew's routes are made of, as JSON Schemas by their names. */
export const schemas = {
  User: object({ id: text, username: text, role: text }, ['role']),
  VaultKey: object({ id: text, key: { type: 'string', description: '32 bytes, base64url' } }, []),
  Policy: {
    ...object(
      {
        idleTimeout: duration,
        absoluteTimeout: duration,
        warnBefore: duration,
        restoreWindow: duration,
        restoreFrom: list(oneOf('idle', 'absolute')),
        tokenLifetime: duration,
        activityResolution: duration,
        rotationGrace: duration,
        freshAuth: duration,
        maxLease: duration,
        maxSessions: { type: 'integer', minimum: 1 },
        onLimit: oneOf('end-oldest', 'deny'),
        undeclaredActivity: oneOf('user', 'until-declared', 'background'),
        remembered: orNull(remembered),
      },
      [],
    ),
    description: 'The limits of a session',
  },
  Session: object(
    {
      ...session,
      serverNow: instant,
      warnAt: instant,
      idleDeadline: instant,
      absoluteDeadline: instant,
      tokenExpiresAt: instant,
      restorableUntil: instant,
      canExtend: flag,
      policy: of('Policy'),
    },
    ['reason', 'restorableUntil'],
  ),
  Summary: object(
    {
      ...session,
      current: flag,
      device,
      lapsedAt: instant,
      lapsedFor: oneOf('idle', 'absolute'),
      endedAt: instant,
      method: { ...list(text), description: 'How the last sign-in was proved: values of RFC 8176' },
      provedAt: instant,
      issuer: { type: 'string', description: 'The provider by whose word; left out when it was this server' },
      policy: of('Policy'),
      user: { ...object({ id: text, username: orNull(text) }, []), description: 'to administrators' },
    },
    ['reason', 'lapsedAt', 'lapsedFor', 'endedAt', 'issuer', 'user'],
  ),
  LogEntry: object(
    {
      version: whole,
      type: text,
      at: instant,
      recordedAt: instant,
      from: orNull(text),
      to: text,
      data: anything,
      rules: text,
      hash: text,
    },
    [],
  ),
  Way: {
    ...object({ kind: text, name: text, url: text }, ['name', 'url']),
    additionalProperties: true,
    description: 'A way to prove again who one is: password, passkey, sso, or one of the application',
  },
  ListedDraft: object(
    { key: text, etag: text, savedAt: instant, expiresAt: instant, size: { ...whole, description: 'characters' } },
    ['expiresAt'],
  ),
  ExportedSession: object(
    {
      id: text,
      current: flag,
      state: session.state,
      reason: text,
      startedAt: timestamp,
      authenticatedAt: timestamp,
      lastActivityAt: timestamp,
      lapsedAt: timestamp,
      endedAt: timestamp,
      method: list(text),
      provedAt: timestamp,
      issuer: text,
      device,
      inWords: { ...list(text), description: 'how it was begun, and how it stands or why it is over' },
    },
    ['reason', 'lapsedAt', 'endedAt', 'issuer'],
  ),
  ExportedDraft: object(
    {
      key: text,
      version: text,
      savedAt: timestamp,
      expiresAt: timestamp,
      content: { ...orNull(text), description: 'decrypted; null when no key of the user opens it' },
      ciphertext: { ...text, description: 'base64url, where there is no content' },
    },
    ['expiresAt', 'ciphertext'],
  ),
  PublicKey: { ...object({ kty: text, kid: text }, []), additionalProperties: true, description: 'RFC 7517' },
  Problem: {
    ...object(
      {
        type: text,
        title: text,
        status: whole,
        code: text,
        detail: text,
        fields: list(object({ field: text, message: text }, [])),
      },
      ['detail', 'fields'],
    ),
    additionalProperties: true,
    description: 'RFC 9457; a dead session adds why, since when, and whether it can be resumed',
  },
};
