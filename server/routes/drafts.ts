import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import type { RouteEnv } from '../http/requireSession.ts';
import { isKnown, preconditionOf } from '../http/precondition.ts';
import { problem, type Refusal } from '../http/problem.ts';
import { refuseEnded } from '../http/status.ts';
import type { Dependencies } from './dependencies.ts';
import { draftsDeletedSince } from '../session/deletedDrafts.ts';
import { mostDrafts, type ListedDraft, type StoredDraft } from '../store/drafts.ts';

/** Largest piece of preserved work, in bytes of ciphertext. */
const largest = 1024 * 1024;
/** base64url takes four characters for three bytes; the rest is room for the other fields. */
const largestBody = Math.ceil((largest * 4) / 3) + 4096;

const instant = z.int().min(0);

const draft = z.strictObject({
  ciphertext: z
    .string()
    .min(1)
    .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url'),
  savedAt: instant,
  expiresAt: instant.optional(),
});

const key = z.string().min(1).max(200);

const etagOf = ({ version }: StoredDraft | ListedDraft): string => `"${version}"`;

const shown = ({ ciphertext, savedAt, expiresAt }: StoredDraft) => ({
  ciphertext,
  savedAt,
  ...(expiresAt !== undefined && { expiresAt }),
});

const conflict = (c: Context, other: StoredDraft | null): Refusal =>
  problem(c, 'precondition_failed', other ? { ...shown(other), headers: { ETag: etagOf(other) } } : {});

const tooLarge = ({ ciphertext }: { ciphertext: string }) => (ciphertext.length * 3) / 4 > largest;

/**
 * Preserved work: ciphertext that its user's browser reads, and the server for the user's own export alone. The session
 * is judged before these are reached.
 */
export const draftRoutes = ({ drafts, clock, log }: Pick<Dependencies, 'drafts' | 'clock' | 'log'>) =>
  new Hono<RouteEnv>()
    .get('/', async (c) => {
      const all = await drafts.list(c.get('session').user, clock());
      return c.json(
        {
          drafts: all.map((each) => ({
            key: each.key,
            etag: etagOf(each),
            size: each.size,
            savedAt: each.savedAt,
            ...(each.expiresAt !== undefined && { expiresAt: each.expiresAt }),
          })),
        },
        200,
      );
    })
    .get('/:key', async (c) => {
      const found = await drafts.get(c.get('session').user, c.req.param('key'), clock());
      if (!found) return problem(c, 'not_found');
      c.header('ETag', etagOf(found));
      return isKnown(c, found.version) ? c.body(null, 304) : c.json(shown(found), 200);
    })
    .put('/:key', limitBody(largestBody), body(draft), async (c) => {
      const { expiresAt, ...rest } = c.req.valid('json');
      if (tooLarge(rest)) return problem(c, 'too_large', { limit: largest });
      const named = key.safeParse(c.req.param('key'));
      if (!named.success)
        return problem(c, 'invalid_input', { fields: [{ field: 'key', message: 'must have 1 to 200 characters' }] });
      const wanted = { ...rest, ...(expiresAt !== undefined && { expiresAt }) };
      const { user } = c.get('session');
      const put = await drafts.put(user, named.data, wanted, clock(), preconditionOf(c));
      const { outcome } = put;
      if (outcome === 'conflict') return conflict(c, put.other);
      if (outcome === 'full') return problem(c, 'too_large', { detail: `There are ${mostDrafts} drafts already.` });
      const forgotten = await draftsDeletedSince(log, c.get('stored'));
      if (forgotten) {
        await drafts.remove(user, named.data, put.draft.version);
        c.set('stored', forgotten);
        return refuseEnded(c, forgotten.state, Math.max(clock(), forgotten.state.context.updatedAt));
      }
      c.header('ETag', etagOf(put.draft));
      return c.json(shown(put.draft), outcome === 'created' ? 201 : 200);
    })
    .delete('/:key', async (c) => {
      const { user } = c.get('session');
      const name = c.req.param('key');
      if (c.req.header('If-Match') === undefined) {
        await drafts.remove(user, name);
        return c.body(null, 204);
      }
      const there = await drafts.get(user, name, clock());
      const removed = there && preconditionOf(c)(there.version) && (await drafts.remove(user, name, there.version));
      return removed ? c.body(null, 204) : conflict(c, await drafts.get(user, name, clock()));
    });
