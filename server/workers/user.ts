import { DurableObject } from 'cloudflare:workers';
import type { CurfewEnv, WorkersOptions } from './env.ts';
import type { Judged, JudgeOptions } from './protect.ts';
import { openUser, writeToConsole, type OpenUser } from './openUser.ts';

/** Answers for an object that cannot be opened: the reason goes to the operator alone. */
function whyNot(error: unknown): Response {
  const failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  writeToConsole({ msg: 'unavailable', level: 'error', failure });
  const problem = { type: 'about:blank', title: 'This is not available just now.', status: 503, code: 'unavailable' };
  const headers = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', 'Retry-After': '5' };
  return new Response(JSON.stringify(problem), { status: 503, headers });
}

/**
 * One user: sessions, their logs, preserved work and the password, in one object that does one thing after the other. Its
 * alarm is the next deadline.
 */
export class CurfewUser extends DurableObject<CurfewEnv> {
  #opened: Promise<OpenUser> | null = null;

  /** The options of `createCurfew`, as far as there are such here; an application overrides it. */
  options(): WorkersOptions {
    return {};
  }

  #open(): Promise<OpenUser> {
    this.#opened ??= openUser(this.ctx, this.env, this.options()).catch((error: unknown) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  /** Answers what is for Curfew's routes. */
  async fetch(request: Request): Promise<Response> {
    try {
      return await (await this.#open()).fetch(request);
    } catch (error) {
      return whyNot(error);
    }
  }

  /** Judges a request that the application answers. */
  async judge(request: Request, options: JudgeOptions): Promise<Judged> {
    try {
      return await (await this.#open()).judge(request, options);
    } catch (error) {
      return { ok: false, response: whyNot(error) };
    }
  }

  /** Ends a session whose cookie a sign-in of another user has replaced. */
  async displace(session: string, by: string): Promise<void> {
    await (await this.#open()).displace(session, by);
  }

  /** Steps what is due. */
  async alarm(): Promise<void> {
    await (await this.#open()).ring();
  }
}
