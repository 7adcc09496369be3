import { describe, expect, it } from 'vitest';
import { mostStreams } from '../../../server/routes/openStreams.ts';
import { listen, listeningTo } from '../../support/server/listener.ts';
import { createWorld } from '../../support/server/world.ts';

describe('the streams of one session', () => {
  const begin = async () => {
    const world = await createWorld();
    const open = listeningTo(world);
    const ada = world.client('bearer');
    await ada.register();
    const hear = async (client = ada) => {
      const listener = await listen(world, client);
      expect(await listener.view()).toMatchObject({ id: client.id });
      return listener;
    };
    const hearMany = async (count: number) => {
      const listeners = [];
      for (let n = 0; n < count; n++) listeners.push(await hear());
      return listeners;
    };
    return { ...world, ada, open, hear, hearMany };
  };

  it('are limited: one more closes the oldest, and every other still hears', async () => {
    const { ada, open, hear, hearMany } = await begin();
    const [oldest, ...others] = await hearMany(mostStreams);
    const newest = await hear();
    expect(await oldest?.next()).toBeNull();
    expect(open()).toBe(mostStreams);
    await ada.post('/api/auth/refresh');
    for (const listener of [...others, newest]) expect(await listener.view()).toMatchObject({ version: 2 });
  });

  it('never lock out whoever loses connections without a word, over and over', async () => {
    const { ada, open, hearMany } = await begin();
    await hearMany(mostStreams);
    // More than fits between a server and somebody who does not read.
    for (let time = 0; time < 8; time++) await ada.post('/api/auth/refresh');
    await hearMany(2 * mostStreams);
    expect(open()).toBe(mostStreams);
  });

  it('take no place once they are over, and none of another session', async () => {
    const { ada, client, open, hear, hearMany } = await begin();
    const phone = client('bearer');
    await phone.login();
    const elsewhere = await hear(phone);
    const [first, ...others] = await hearMany(mostStreams);
    for (const listener of others) await listener.hangUp();
    await hearMany(mostStreams - 1);
    expect(open()).toBe(1 + mostStreams);
    await ada.post('/api/auth/refresh');
    expect(await first?.view()).toMatchObject({ version: 2 });
    await phone.post('/api/auth/refresh');
    expect(await elsewhere.view()).toMatchObject({ id: phone.id, version: 2 });
  });
});
