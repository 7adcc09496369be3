import { expect } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import type { SecurityEventKind } from '../../../server/store/securityLog.ts';
import { createWorld, type Answer, type Client, type World } from './world.ts';

/**
 * A world with an administrator signed in long enough ago that any request that counted would write.
 *
 * @param options as those of a world; `heard`: by a Curfew client, so that a declaration is no news
 */
export async function settled(
  mode: 'cookie' | 'bearer' = 'cookie',
  { heard = false, ...options }: Parameters<typeof createWorld>[0] & { readonly heard?: boolean } = {},
) {
  const world = await createWorld(options);
  const ada = world.client(mode);
  await ada.register('ada', 'correct horse', {}, heard ? { 'Session-Activity': 'user' } : {});
  await world.users.setRole(ada.user?.id ?? '', 'administrator');
  world.pass(minutes(2));
  return { ...world, ada };
}

/** Everything that the server keeps, as far as it can be told from outside, and the number of its writes but refusals. */
export async function kept({ changes, events, parts, now }: World, ada: Client) {
  const failures = await parts.securityLog.since(0, 1000);
  return {
    changes: changes() - failures.length,
    events: await events(ada.id),
    account: await parts.log.account(ada.user?.id ?? ''),
    failures,
    drafts: await parts.drafts.list(ada.user?.id ?? '', now()),
  };
}

/** What every refusal has in common. @see RFC 9457 */
export function expectRefusal({ status, headers, body, text }: Answer, code: string, wanted: number, what: string) {
  expect({ status, code: body?.code }, what).toEqual({ status: wanted, code });
  expect(headers.get('Content-Type'), what).toBe('application/problem+json');
  expect(headers.get('Cache-Control'), what).toBe('no-store');
  expect(headers.get('Set-Cookie'), what).toBeNull();
  expect(headers.has('WWW-Authenticate'), what).toBe(wanted === 401);
  expect(body, what).toMatchObject({ type: 'about:blank', title: expect.any(String), status: wanted });
  expect(text, what).not.toMatch(/\bat .+:\d+|node_modules|\.ts\b|Error:|sqlite/i);
}

/** Lets something happen that may write nothing at all, or of refusals one kind. */
export async function expectNoTrace<T>(
  world: World,
  ada: Client,
  work: () => Promise<T>,
  refused?: SecurityEventKind,
): Promise<T> {
  const before = await kept(world, ada);
  const result = await work();
  const { failures, ...after } = await kept(world, ada);
  const written = failures.slice(before.failures.length);
  expect([...new Set(written.map(({ kind }) => kind))]).toEqual(refused === undefined ? [] : [refused]);
  expect({ ...after, failures: failures.slice(0, before.failures.length) }).toEqual(before);
  return result;
}
