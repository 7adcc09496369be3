import { DurableObject } from 'cloudflare:workers';
import type { CurfewEnv, WorkersOptions } from './env.ts';
import type { Judged, JudgeOptions } from './protect.ts';
import { openUser, type OpenUser } from './openUser.ts';
import { unavailable } from './unavailable.ts';

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
      return unavailable(error);
    }
  }

  /** Judges a request that the application answers. */
  async judge(request: Request, options: JudgeOptions): Promise<Judged> {
    try {
      return await (await this.#open()).judge(request, options);
    } catch (error) {
      return { ok: false, response: unavailable(error) };
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
