import { z } from 'zod';
import { ask, type Answer, type Asked } from './ask.ts';
import type { DoctorSession } from './doctorSession.ts';

/** A server as it is found at its public address. */
export interface PublicServer {
  /** As it was given. */
  readonly url: URL;
  readonly session: DoctorSession;
  /** With its prefix. */
  readonly cookieName: string;
  readonly trustedProxies: readonly string[];
  /** Where a route beneath `/auth` is. */
  readonly at: (path: string) => URL;
}

/** Asks a route beneath `/auth`. */
export const get = ({ at }: PublicServer, path: string, headers: Asked['headers']): Promise<Answer> =>
  ask({ url: at(path), headers });

const view = z.object({ session: z.object({ id: z.string(), version: z.number() }) });
const problem = z.object({ code: z.string() });

function parsed<T>(schema: z.ZodType<T>, { text }: Answer): T | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The session that an answer shows, `null` where it shows none. */
export const sessionIn = (answer: Answer) => parsed(view, answer)?.session ?? null;

/** The code of a problem, `null` where the answer is none. */
export const codeIn = (answer: Answer): string | null => parsed(problem, answer)?.code ?? null;

/** What an answer is, for people. */
export function inWords(answer: Answer): string {
  const { 'content-type': type = 'nothing', location } = answer.headers;
  return `${answer.status} ${location ?? codeIn(answer) ?? type}`;
}
