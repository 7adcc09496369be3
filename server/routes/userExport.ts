import { Hono, type Context, type MiddlewareHandler, type TypedResponse } from 'hono';
import { breakOff } from '../http/connection.ts';
import { refuseForeignPages } from '../http/crossSite.ts';
import { requireRecentAuthentication } from '../http/requireRecentAuthentication.ts';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import { applicationData } from '../session/applicationData.ts';
import { reportFailure } from '../session/reportFailure.ts';
import { exportText, timestampOf, type UserExport } from '../session/userExport.ts';
import type { Dependencies } from './dependencies.ts';
import { openStreams } from './openStreams.ts';

/** What the file is made with, once the application has been asked. */
interface ExportEnv {
  Variables: RouteEnv['Variables'] & {
    /** What the application adds, as JSON. */
    application: string | null;
    /** Aborts when the file is not to go on. */
    signal: AbortSignal;
    /** Says that the file is over; taken by the file once it has begun. */
    over: (() => void) | null;
  };
}

/**
 * Asks the application what it adds, before anything is sent. One export of a user is under way at once, and the newest
 * is served.
 */
const askApplication = (parts: Dependencies): MiddlewareHandler<ExportEnv> => {
  const open = openStreams(1);
  return async (c, next) => {
    // Nobody reads what a HEAD would be answered with.
    if (c.req.method === 'HEAD') return next();
    const { user, signal: ended, check } = c.get('session');
    const replaced = new AbortController();
    const over = open.enter(user, () => replaced.abort());
    const signal = AbortSignal.any([ended, c.req.raw.signal, replaced.signal]);
    c.set('over', over);
    c.set('signal', signal);
    try {
      const ask = parts.exportUserData;
      const [asked] = await Promise.allSettled([ask ? applicationData(ask, user, signal) : null]);
      // The application may have taken its time.
      const refused = await check();
      if (refused) return refused;
      if (asked.status === 'rejected') throw asked.reason;
      c.set('application', asked.value);
      await next();
      return undefined;
    } finally {
      if (c.get('over') !== null) over();
    }
  };
};

/** What can be sent piece by piece. */
interface Sending {
  readonly text: AsyncGenerator<string, void>;
  readonly signal: AbortSignal;
  readonly over: () => void;
}

/**
 * Sends pieces as they are read. When the signal aborts or the store fails, the connection breaks off: a file that is not
 * whole is not taken for one.
 *
 * @returns rejects when not even the first piece can be had
 */
async function streamOf(
  parts: Dependencies,
  c: Context<ExportEnv>,
  { text, signal, over }: Sending,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let first: IteratorResult<string, void> | null = await text.next();
  let stop = () => {};
  const end = () => {
    signal.removeEventListener('abort', stop);
    over();
  };
  const source = {
    start(controller: ReadableStreamDefaultController<Uint8Array>) {
      stop = () => {
        end();
        if (!breakOff(c)) controller.error(signal.reason);
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop);
    },
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      try {
        const piece = first ?? (await text.next());
        first = null;
        if (signal.aborted) return;
        if (!piece.done) return controller.enqueue(encoder.encode(piece.value));
        end();
        controller.close();
      } catch (error) {
        end();
        reportFailure(parts, error, { session: c.get('session').id });
        if (!breakOff(c)) controller.error(error);
      }
    },
    cancel: end,
  };
  return new ReadableStream<Uint8Array>(source, { highWaterMark: 0 });
}

type File = Response & TypedResponse<UserExport, 200, 'json'>;

/** Says to a typed client what is in the file. */
function asFile(response: Response): File;
function asFile(response: Response): Response {
  return response;
}

const answerFile = (c: Context, name: string, body: ReadableStream | null): File =>
  asFile(
    c.newResponse(body, 200, {
      'Content-Type': 'application/json',
      'Content-Disposition': `attachment; filename="${name}"`,
      'X-Content-Type-Options': 'nosniff',
    }),
  );

/**
 * Everything that is kept of the user, as one file: to them alone, after a recent proof of who they are. What is made for
 * their own pages is not made for others: a link of another site that leads here is refused.
 *
 * @see GDPR art. 15 and 20, ASVS 5.0 7.5.1, 14.2.6
 */
export const userExportRoutes = (parts: Dependencies) =>
  new Hono<ExportEnv>().get(
    '/me/export',
    refuseForeignPages(parts),
    requireSession(parts, { counts: false, alarmed: true }),
    requireRecentAuthentication(parts),
    askApplication(parts),
    async (c) => {
      const { user: id, id: own } = c.get('session');
      const exportedAt = timestampOf(parts.clock());
      const name = `${parts.cookieName}-data-${exportedAt.slice(0, 10)}.json`;
      const over = c.get('over');
      if (c.req.method === 'HEAD' || over === null) return answerFile(c, name, null);
      const head = {
        format: 'curfew-user-export',
        version: 1,
        exportedAt,
        language: 'en',
        user: { id, ...(await parts.personOf(id)) },
        settings: { limits: c.get('stored').state.context.policy },
      } as const;
      const text = exportText(parts, head, { own, application: c.get('application') });
      const body = await streamOf(parts, c, { text, signal: c.get('signal'), over });
      c.set('over', null);
      parts.write({ msg: 'export', session: own, user: id });
      return answerFile(c, name, body);
    },
  );
