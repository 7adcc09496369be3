import { Hono } from 'hono';
import { createCurfew, type Parts } from '../../server/index.ts';
import type { WorldOptions } from './world.ts';
import { Client, createWorld, type World } from './world.ts';

/** Where sessions can be kept. */
export const adapters = ['memory', 'sqlite'] as const;
export type Adapter = (typeof adapters)[number];

/** Another server on the same store: it shares nothing else, not even who waits for whom. */
export interface Node {
  readonly parts: Parts;
  readonly client: (transport?: 'cookie' | 'bearer') => Client;
}

export function nodeOn({ parts }: Pick<World, 'parts'>, more: Partial<Parts> = {}): Node {
  const own: Parts = { ...parts, log: { ...parts.log }, ...more };
  const app = new Hono().route('/', createCurfew(own).routes);
  return { parts: own, client: (transport = 'cookie') => new Client(app, transport) };
}

/** A world with as many servers as are wanted. */
export async function createNodes(count: number, options: WorldOptions): Promise<World & { nodes: readonly Node[] }> {
  const world = await createWorld(options);
  return { ...world, nodes: Array.from({ length: count }, () => nodeOn(world)) };
}
