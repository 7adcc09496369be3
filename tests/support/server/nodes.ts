import { Hono } from 'hono';
import { createHandlers } from '../../../server/handlers.ts';
import { sweep } from '../../../server/sweeper.ts';
import type { Dependencies } from '../../../server/routes/dependencies.ts';
import type { WorldOptions } from './world.ts';
import { Client, createWorld, type World } from './world.ts';

/** Where sessions can be kept. */
export const adapters = ['memory', 'sqlite', 'postgres'] as const;
export type Adapter = (typeof adapters)[number];

/** A server that has only the routes of Curfew. */
export interface Node {
  readonly app: Hono;
  readonly sweep: () => Promise<unknown>;
  readonly client: (transport?: 'cookie' | 'bearer') => Client;
}

export function nodeOn(parts: Dependencies): Node {
  const app = new Hono().route('/', createHandlers(parts).routes);
  return { app, sweep: () => sweep(parts), client: (transport = 'cookie') => new Client(app, transport) };
}

/** A world with as many servers as are wanted. */
export async function createNodes(count: number, options: WorldOptions): Promise<World & { nodes: readonly World[] }> {
  const world = await createWorld(options);
  const others = await Promise.all(Array.from({ length: count - 1 }, () => world.anotherNode()));
  return { ...world, nodes: [world, ...others] };
}
