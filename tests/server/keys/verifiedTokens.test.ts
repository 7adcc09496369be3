import { describe, expect, it } from 'vitest';
import { seconds } from '../../../machines/index.ts';
import { createWorld, modes } from '../../support/server/world.ts';

describe.each(modes)('a token whose signature was verified, %s mode,', (mode) => {
  const begin = async () => {
    const world = await createWorld();
    const ada = world.client(mode);
    await ada.register();
    await ada.get('/api/auth/me');
    return { ...world, ada, remembered: (token: string | null) => world.parts.tokens.verified(token ?? '') };
  };

  it('is remembered no longer than its generation is good', async () => {
    const { ada, pass, remembered } = await begin();
    const old = ada.twin();
    expect(remembered(old.token)).toMatchObject({ gen: 0 });
    await ada.post('/api/auth/refresh');
    await ada.get('/api/auth/me');
    expect((await old.get('/api/auth/me')).status).toBe(200);
    expect(remembered(old.token)).toMatchObject({ gen: 0 });
    pass(seconds(31));
    expect((await old.get('/api/auth/me')).body).toMatchObject({ code: 'token_superseded' });
    expect(remembered(old.token)).toBeUndefined();
    expect(remembered(ada.token)).toMatchObject({ gen: 1 });
  });

  it('is remembered no longer than its session lasts', async () => {
    const { ada, remembered } = await begin();
    const left = ada.twin();
    await ada.post('/api/auth/logout');
    expect((await left.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended' });
    expect(remembered(left.token)).toBeUndefined();
  });
});
