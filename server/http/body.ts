import type { Context, Env, Input, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { isJudged } from './judgedSession.ts';
import { problem } from './problem.ts';

/** What a guard may have left. */
interface BodyEnv {
  Variables: { session?: unknown };
}

/** Whether a text comes back from a database as it was: half a surrogate pair does not. */
export const isText = (text: string): boolean => text.isWellFormed();

type BodyInput<S extends z.ZodType> = Input & { in: { json: z.input<S> }; out: { json: z.output<S> } };

/** A body that broke off is as little JSON as one that is none. */
const parse = async (c: Context): Promise<{ ok: true; value: unknown } | { ok: false }> => {
  try {
    const text = await c.req.text();
    return { ok: true, value: text === '' ? {} : JSON.parse(text) };
  } catch {
    return { ok: false };
  }
};

/**
 * Takes only a JSON body of a shape. Malformed JSON is a 400; anything that does not fit, unknown fields included, is a
 * 422 that names the fields.
 */
export const body =
  <S extends z.ZodType<object>>(schema: S): MiddlewareHandler<BodyEnv, string, BodyInput<S>> =>
  async (c, next) => {
    const parsed = await parse(c);
    // A request whose body comes late must not act for a session that has ended meanwhile. @see ASVS 5.0 7.4.1
    const session = c.get('session');
    const refused = isJudged(session) ? await session.check() : null;
    if (refused) return refused;
    if (!parsed.ok) return problem(c, 'malformed_json');
    const result = schema.safeParse(parsed.value);
    if (!result.success) {
      const fields = result.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
      return problem(c, 'invalid_input', { fields });
    }
    c.req.addValidatedData('json', result.data);
    return next();
  };

/** Takes only a query of a shape; a 422 names what does not fit. */
export const query =
  <S extends z.ZodType<object>>(
    schema: S,
  ): MiddlewareHandler<Env, string, Input & { in: { query: z.input<S> }; out: { query: z.output<S> } }> =>
  async (c, next) => {
    const result = schema.safeParse(c.req.query());
    if (!result.success) {
      const fields = result.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
      return problem(c, 'invalid_input', { fields });
    }
    c.req.addValidatedData('query', result.data);
    return next();
  };
