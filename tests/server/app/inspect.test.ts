import { createWebSocketReceiver } from '@statelyai/inspect';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { sqliteAppStore } from '../../../server/app/store/sqlite.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { relayDecisions, type Relay } from '../../../server/app/inspect.ts';
import { appOn } from '../../support/server/parts.ts';
import { Client, createWorld } from '../../support/server/world.ts';

let relay: Relay;
afterEach(() => relay.stop());

async function watchedWorld() {
  relay = await relayDecisions(0);
  const world = await createWorld();
  const app = appOn({ ...world.parts, log: relay.watched(world.parts.log) }, sqliteAppStore(openDatabase(':memory:')));
  return { ...world, client: () => new Client(app, 'cookie') };
}

describe('the relay of the server’s decisions', () => {
  it('shows every entry to a receiver, to one that comes late as well, and tells nobody who it is', async () => {
    const { client, events } = await watchedWorld();
    const ada = client();
    await ada.register('ada', 'correct horse');
    const received: any[] = [];
    const isOver = new Promise<void>((resolve) =>
      createWebSocketReceiver({ server: `ws://127.0.0.1:${relay.port}` }).subscribe((event) => {
        received.push(event);
        if (event.type === '@xstate.snapshot' && event.event.type === 'user.signedOut') resolve();
      }),
    );
    await ada.post('/api/auth/logout', {});
    await isOver;
    const snapshots = received.filter(({ type }) => type === '@xstate.snapshot');
    expect(snapshots.map(({ event }) => event.type)).toEqual((await events(ada.id)).map(({ type }) => type));
    expect(snapshots.at(-1).snapshot.value).toEqual({ ended: 'signedOut' });
    const { definition } = received.find(({ type }) => type === '@xstate.actor');
    expect(JSON.parse(definition).states.active.states.fresh.on['session.extended']).toBeDefined();
    const all = JSON.stringify(received);
    for (const secret of ['"ada"', ada.id, ada.user?.id ?? '', 'correct horse']) expect(all).not.toContain(secret);
  });

  it.each([
    ['https://evil.example', false],
    ['http://localhost.evil.example', false],
    ['null', false],
    ['http://localhost:3000', true],
    ['https://stately.ai', true],
  ])('lets a page of %s listen: %s', async (origin, isLet) => {
    relay = await relayDecisions(0);
    const socket = new WebSocket(`ws://127.0.0.1:${relay.port}`, { origin });
    const opened = await new Promise((resolve) => {
      socket.on('open', () => resolve(true));
      socket.on('error', () => resolve(false));
    });
    expect(opened).toBe(isLet);
    socket.terminate();
  });
});
