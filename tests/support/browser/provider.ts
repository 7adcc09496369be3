import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { hours } from '../../../machines/index.ts';
import { createVerbs } from '../../../server/verbs/verbs.ts';
import { t0, type World } from '../server/world.ts';
import { fixture } from './fixture.ts';

/** Where the sign-in with the provider begins, on the application's own server. */
export const start = '/start';

/** A provider of single sign-on on another site: one page, on which the user proves who they are, or does not have to. */
export async function openProvider(headers: Record<string, string> = {}) {
  let back = '';
  const page = () =>
    new Response(
      `<!doctype html><title>Provider</title><h1>Provider</h1>
       <a href="${back}&proved">Continue as ada</a> <a href="${back}">Do not ask me</a>`,
      { headers: { 'Content-Type': 'text/html', ...headers } },
    );
  const server: ServerType = await new Promise((resolve) => {
    const started: ServerType = serve({ fetch: page, port: 0, hostname: '127.0.0.1' }, () => resolve(started));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** The application's own route, to which the provider sends the user: it signs in whom the provider names. */
  async function callback(world: World, request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const { id = '' } = (await world.users.byName('ada')) ?? {};
    const isBearer = request.method === 'POST' && searchParams.has('bearer');
    const answer = await createVerbs(world.parts).signIn(request, {
      user: { id, name: 'ada' },
      method: ['otp'],
      // A provider that asks nothing says when it asked last.
      authenticatedAt: searchParams.has('proved') ? world.now() : t0 - hours(1),
      issuer: url,
      ...(isBearer && { transport: 'bearer', session: request.headers.get('Session-Id') ?? '' }),
    });
    if (isBearer) return Response.json(answer, { status: answer.ok ? 200 : answer.status });
    const location = new Headers({ Location: `/signed-in.html${answer.ok ? '' : `?problem=${answer.code}`}` });
    for (const cookie of answer.headers.getSetCookie()) location.append('Set-Cookie', cookie);
    return new Response(null, { status: 303, headers: location });
  }

  return {
    url,
    /**
     * The routes of an application that signs its users in here.
     *
     * @param isBearer the provider sends the user to the front end, which asks the server with its token
     */
    routes(isBearer = false) {
      return (world: World, request: Request): Response | Promise<Response> | null => {
        const { pathname, origin } = new URL(request.url);
        if (pathname === '/callback') return callback(world, request);
        if (pathname === '/signed-in.html') return fixture(pathname);
        if (pathname.startsWith('/assets/') && fixture(pathname).ok) return fixture(pathname);
        if (pathname !== start) return null;
        back = isBearer ? `${origin}/signed-in.html?bearer` : `${origin}/callback?`;
        return new Response(null, { status: 302, headers: { Location: url } });
      };
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
