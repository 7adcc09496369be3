import type { HttpBindings } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import type { World } from '../server/world.ts';
import { fixture } from './fixture.ts';
import { password } from './site.ts';

/** Where the sign-in with the provider begins, on the application's own server. */
export const start = '/start';

/** A provider of single sign-on on another site: one page, on which the user says that they are who they are. */
export async function openProvider(headers: Record<string, string> = {}) {
  let back = '';
  const page = () =>
    new Response(
      `<!doctype html><title>Provider</title><h1>Provider</h1>
       <a href="${back}?code=1">Continue as ada</a> <a href="${back}?error=stale_proof">Do not ask me</a>`,
      { headers: { 'Content-Type': 'text/html', ...headers } },
    );
  const server: ServerType = await new Promise((resolve) => {
    const started: ServerType = serve({ fetch: page, port: 0, hostname: '127.0.0.1' }, () => resolve(started));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** The server signs the user in whose cookie comes with the answer of the provider. */
  async function callback(world: World, request: Request, env: HttpBindings): Promise<Response> {
    const { searchParams, origin } = new URL(request.url);
    const headersOf = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
    const answer = searchParams.has('code')
      ? await world.app.fetch(
          new Request(`${origin}/api/auth/reauthenticate`, {
            method: 'POST',
            headers: { ...headersOf, Cookie: request.headers.get('cookie') ?? '' },
            body: JSON.stringify({ password }),
          }),
          env,
        )
      : null;
    const problem = answer?.ok === true ? '' : `?problem=${searchParams.get('error') ?? 'not_signed_in'}`;
    const location = new Headers({ Location: `/signed-in.html${problem}` });
    for (const cookie of answer?.headers.getSetCookie() ?? []) location.append('Set-Cookie', cookie);
    return new Response(null, { status: 303, headers: location });
  }

  return {
    url,
    /** The routes of an application that signs its users in here; `ways` is what it says of them. */
    routes(ways: readonly object[]) {
      return (world: World, request: Request, env: HttpBindings): Response | Promise<Response> | null => {
        const { pathname, origin } = new URL(request.url);
        if (pathname === '/api/auth/ways') return Response.json({ ways, user: { name: 'ada' } });
        if (pathname === '/callback') return callback(world, request, env);
        if (pathname === '/signed-in.html') return fixture(pathname);
        if (pathname.startsWith('/assets/') && fixture(pathname).ok) return fixture(pathname);
        if (pathname !== start) return null;
        back = `${origin}/callback`;
        return new Response(null, { status: 302, headers: { Location: url } });
      };
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
