import type { Context } from 'hono';
import { shareAnswer } from './cors.ts';
import type { HttpDependencies } from './dependencies.ts';
import { answerFailure } from './failure.ts';
import { recordRefusal } from './recordRefusals.ts';
import type { RequestsUnderWay } from './requestsUnderWay.ts';

/** Has what answers a request of the application do so, whatever goes wrong. */
export type Guarded = (c: Context, work: () => Promise<Response | void>) => Promise<undefined>;

/**
 * Makes what stands around the judging of requests that have been counted as under way: it answers for what goes wrong with
 * it, records what was refused, and lets pages of listed origins read the answer.
 */
export const guardedBy =
  (parts: HttpDependencies, underWay: RequestsUnderWay): Guarded =>
  async (c, work) => {
    try {
      const answer = await work();
      if (answer && !c.finalized) c.res = answer;
      if (c.get('problem') !== undefined) await recordRefusal(parts, c, parts.addressOf);
    } catch (error) {
      // What the application's own routes throw never gets here: Hono hands it to the application's own handler.
      if (!(error instanceof Error)) throw error;
      // An answer that is there already would otherwise stand, or leave its headers.
      c.res = undefined;
      c.res = await answerFailure(parts)(error, c);
    } finally {
      underWay.leave();
    }
    shareAnswer(parts, c);
    return undefined;
  };
