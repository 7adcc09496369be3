import { Hono } from 'hono';
import { createHandlers, type Handlers } from '../../../server/handlers.ts';
import type { SessionEnv } from '../../../server/index.ts';
import { Client, createWorld, type World, type WorldOptions } from './world.ts';

/** An application of one's own on a world, where `ada` has an account and nobody is signed in. */
export async function ownApplication(
  build: (app: Hono<SessionEnv>, handlers: Handlers, world: World) => void,
  options: WorldOptions = {},
) {
  const world = await createWorld(options);
  const handlers = createHandlers(world.parts);
  const app = new Hono<SessionEnv>();
  build(app, handlers, world);
  await world.client().register();
  const client = (transport: 'cookie' | 'bearer' = 'cookie') => new Client(app, transport);
  const signedIn = async (transport: 'cookie' | 'bearer' = 'cookie') => {
    const ada = new Client({ request: async (path, init) => handlers.fetch(new Request(path, init)) }, transport);
    await ada.login();
    const own = client(transport);
    own.token = ada.token;
    own.session = ada.session;
    own.user = ada.user;
    return own;
  };
  return { world, app, handlers, client, signedIn };
}
