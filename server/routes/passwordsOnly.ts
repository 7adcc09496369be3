import type { MiddlewareHandler } from 'hono';
import { problem } from '../http/problem.ts';
import type { Dependencies } from './dependencies.ts';

/** Answers 404 where nobody has a password, whatever the request holds: there is no such route then. */
export const passwordsOnly =
  ({ accounts }: Pick<Dependencies, 'accounts'>): MiddlewareHandler =>
  async (c, next) =>
    accounts.hasPasswords ? next() : problem(c, 'not_found');
