import { DurableObject } from 'cloudflare:workers';
import type { ApplicationDescription } from '../operations/describedRoutes.ts';
import type { Proved } from '../routes/signInElsewhere.ts';
import type { CurfewEnv, WorkersOptions } from './env.ts';
import { notJudged, type Judged, type JudgeOptions } from './judging.ts';
import { loseSocket } from './objectStreams.ts';
import { openUser, type OpenUser } from './openUser.ts';
import type { ObjectSocket } from './platform.ts';
import { unavailable } from './unavailable.ts';

/** The object of one user, as the platform calls it: opened when it is first asked for something. */
export abstract class UserObject extends DurableObject<CurfewEnv> {
  #opened: Promise<OpenUser> | null = null;

  /** The options of `createCurfew`, as far as there are such here; an application overrides it. */
  options(): WorkersOptions {
    return {};
  }

  /** What it keeps, and everything that works on it. */
  protected opened(): Promise<OpenUser> {
    this.#opened ??= openUser(this.ctx, this.env, this.options()).catch((error: unknown) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  /** Opens, and answers. */
  async isReady(): Promise<true> {
    await this.opened();
    return true;
  }

  /** How the routes are had, by its options. */
  async describe(): Promise<ApplicationDescription> {
    return (await this.opened()).described;
  }

  /** Answers what is for Curfew's routes. */
  async fetch(request: Request): Promise<Response> {
    try {
      return await (await this.opened()).fetch(request);
    } catch (error) {
      return unavailable(error);
    }
  }

  /** Answers a sign-in whose password was right, in the object of its name. */
  async completeSignIn(request: Request, proved: Proved): Promise<Response> {
    try {
      return await (await this.opened()).completeSignIn(request, proved);
    } catch (error) {
      return unavailable(error);
    }
  }

  /** Judges a request that the application answers. */
  async judge(request: Request, options: JudgeOptions): Promise<Judged> {
    try {
      return await (await this.opened()).judge(request, options);
    } catch (error) {
      return notJudged(error);
    }
  }

  /** What a worker asks that holds an event stream open. An application with sockets of its own calls it for the others. */
  async webSocketMessage(socket: ObjectSocket, message: unknown): Promise<void> {
    try {
      await (await this.opened()).streams.hear(socket, message);
    } catch (error) {
      loseSocket(this.ctx, socket, error);
    }
  }

  /** A worker is gone that has held an event stream open. */
  async webSocketClose(socket: ObjectSocket): Promise<void> {
    loseSocket(this.ctx, socket);
  }

  /** Steps what is due. */
  async alarm(): Promise<void> {
    await (await this.opened()).ring();
  }
}
