import { describe, expect, test } from 'vitest';
import { hours } from '../../../machines/index.ts';
import { createVerbs, type Verbs } from '../../../server/verbs/verbs.ts';
import { createWorld } from '../../support/server/world.ts';

/** Somebody of whom the accounts know nothing: the application signs them in. */
async function world() {
  const { client, parts, pass } = await createWorld();
  const { signIn } = createVerbs(parts);
  const request = new Request('http://localhost/');
  const ada = client('bearer');
  const comes = async (user: Parameters<Verbs['signIn']>[1]['user']) => {
    const proof = { user, method: [], authenticatedAt: parts.clock(), transport: 'bearer' } as const;
    const signedIn = await signIn(request, proof);
    if (!signedIn.ok) throw new Error(signedIn.code);
    ada.token = signedIn.token ?? null;
  };
  const me = async () => (await ada.get('/api/auth/me')).body;
  return { comes, me, pass };
}

describe('who is signed in, of whom no account knows', () => {
  test('is who the sign-in said', async () => {
    const { comes, me } = await world();
    await comes({ id: 'user-1', name: 'Ada' });
    expect(await me()).toEqual({ user: { id: 'user-1', username: 'Ada' } });
  });

  test('is told by their id where the sign-in told no name', async () => {
    const { comes, me } = await world();
    await comes({ id: 'user-1' });
    expect(await me()).toEqual({ user: { id: 'user-1', username: 'user-1' } });
  });

  test('keeps the name when a later sign-in tells the id alone', async () => {
    const { comes, me, pass } = await world();
    await comes({ id: 'user-1', name: 'Ada' });
    pass(hours(1));
    await comes('user-1');
    expect(await me()).toEqual({ user: { id: 'user-1', username: 'Ada' } });
  });
});
