import { hc } from 'hono/client';
import type { ExtractSchema } from 'hono/types';
import { expect, expectTypeOf, it } from 'vitest';
import type { SessionView } from '../../machines/index.ts';
import type { CurfewRoutes } from '../../server/index.ts';
import { createWorld } from '../support/server/world.ts';

type Schema = ExtractSchema<CurfewRoutes>;

type IsAny<T> = 0 extends 1 & T ? true : false;
/** Whether an answer says nothing of what is in it. An answer without a body is `null`, and says that. */
type IsUntyped<T> =
  IsAny<T> extends true
    ? true
    : unknown extends T
      ? true
      : T extends null
        ? false
        : keyof T extends never
          ? true
          : false;
type NameIfUntyped<Name, Endpoint> = Endpoint extends { output: infer Output }
  ? true extends IsUntyped<Output>
    ? Name
    : never
  : Name;
type Untyped = {
  [Path in keyof Schema]: {
    [Method in keyof Schema[Path] & string]: NameIfUntyped<`${Method} ${Path}`, Schema[Path][Method]>;
  }[keyof Schema[Path] & string];
}[keyof Schema];

/** What no typed client asks for: the stream of events, and what a proxy is told. */
type Exempt = '$get /api/auth/stream' | '$get /api/auth/verify';

it('a typed client knows what is in every answer', async () => {
  expectTypeOf<Untyped>().toEqualTypeOf<Exempt>();

  const { app } = await createWorld();
  const client = hc<CurfewRoutes>('http://localhost', {
    fetch: async (input: string | Request | URL, init?: RequestInit) => app.request(input, init),
  });
  const json = { username: 'ada', password: 'correct horse', transport: 'bearer' } as const;
  const registered = await client.api.auth.register.$post({ json });
  if (registered.status !== 201) throw new Error(`registered with ${registered.status}`);
  const { user, session } = await registered.json();
  expectTypeOf(session).toEqualTypeOf<SessionView>();
  expect(user.username).toBe('ada');

  const refused = await client.api.auth.login.$post({ json: { ...json, password: 'wrong' } });
  if (refused.status !== 401) throw new Error(`refused with ${refused.status}`);
  expect((await refused.json()).code).toBe('invalid_credentials');
});
