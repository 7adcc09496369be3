import { z } from 'zod';
import { isLeaf, sessionEvents, type Leaf, type LoggedEvent, type SessionContext } from '../../machines/index.ts';
import { json } from './json.ts';
import type { AdmissionState, LogEntry, Stored } from './eventLog.ts';

const leaf = z.custom<Leaf>((value) => typeof value === 'string' && isLeaf(value));

const type = z.custom<LoggedEvent['type']>(
  (value) => typeof value === 'string' && (value === 'session.started' || Object.hasOwn(sessionEvents, value)),
);

/** Only this server writes contexts, and the machine keeps their law: it is enough to see that this is one. */
const context = z.custom<SessionContext>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'user' in value &&
    typeof value.user === 'string' &&
    'version' in value &&
    typeof value.version === 'number' &&
    'authenticatedAt' in value &&
    typeof value.authenticatedAt === 'number' &&
    'policy' in value &&
    typeof value.policy === 'object' &&
    'generations' in value &&
    Array.isArray(value.generations) &&
    value.generations.length > 0,
);

/** A row of `sessions`, with the personal data that belongs to it. */
export const storedRow = z
  .object({
    id: z.string(),
    leaf,
    context: json(context),
    hash: z.string(),
    salt: z.string().nullable(),
    user_agent: z.string().nullable(),
    address: z.string().nullable(),
    revoked_at: z.number().nullable(),
    revoked_by: z.string().nullable(),
    revoked_reason: z.string().nullable(),
  })
  .transform((row): Stored => ({
    id: row.id,
    state: { leaf: row.leaf, context: row.context },
    hash: row.hash,
    device: row.salt === null ? null : { userAgent: row.user_agent, address: row.address },
    ...(row.revoked_at !== null && {
      revoked: { at: row.revoked_at, by: row.revoked_by ?? '', reason: row.revoked_reason ?? '' },
    }),
  }));

/** A row of `events`. */
export const entryRow = z
  .object({
    version: z.number(),
    type,
    at: z.number(),
    recorded_at: z.number(),
    from_leaf: leaf.nullable(),
    to_leaf: leaf,
    data: json(z.record(z.string(), z.unknown())),
    rules: z.string(),
    hash: z.string(),
  })
  .transform(
    ({ recorded_at: recordedAt, from_leaf: from, to_leaf: to, version, at, data, rules, hash, ...row }): LogEntry => ({
      version,
      type: row.type,
      at,
      from,
      to,
      data,
      rules,
      recordedAt,
      hash,
    }),
  );

export const accountRow = z
  .object({ auth_epoch: z.number(), admissions: z.number(), revoked_at: z.number().nullable() })
  .transform((row): AdmissionState => ({
    authEpoch: row.auth_epoch,
    admissions: row.admissions,
    revokedAt: row.revoked_at,
  }));

export const versionRow = z.object({ version: z.number() });

export const countRow = z.object({ n: z.number() });

export const idRow = z.object({ id: z.string() });

export const recordRow = z.object({ record: z.string() });
