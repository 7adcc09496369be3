import { expect, it } from 'vitest';
import { days, minutes } from '../../../machines/index.ts';
import { begun, decided, signedOut, storedAs } from '../../../server/contract/history.ts';
import { createWorld, t0, type World } from '../../support/server/world.ts';

/** Signs a user in and out so often; each time a minute later. */
async function ended({ parts }: World, user: string, count: number, from: number) {
  const changes = Array.from({ length: count }, (_, index) => begun(`ended-${index}`, user, from + minutes(index)));
  await parts.log.append(changes);
  await parts.log.append(
    changes.map((change) => decided(storedAs(change), [signedOut(change.state.context.startedAt + 1)])),
  );
}

const idsOf = (body: { sessions: { id: string }[] }) => body.sessions.map(({ id }) => id);

it('sessions that have ended are listed a page at a time, newest first, and those that have not on the first one', async () => {
  const world = await createWorld();
  const ada = world.client();
  await ada.register();
  // After the live one, which would be on the last page by its age.
  await ended(world, ada.user?.id ?? '', 230, t0 + 1);
  world.pass(minutes(20));
  const first = await ada.get('/api/auth/sessions?ended=true');
  expect(idsOf(first.body)).toEqual([...Array.from({ length: 100 }, (_, index) => `ended-${229 - index}`), ada.id]);
  const pages = [idsOf(first.body)];
  for (let next = first.body.next; next !== undefined;) {
    const { body } = await ada.get(`/api/auth/sessions?ended=true&after=${encodeURIComponent(next)}`);
    pages.push(idsOf(body));
    next = body.next;
  }
  expect(pages.map(({ length }) => length)).toEqual([101, 100, 30]);
  expect(new Set(pages.flat()).size).toBe(231);
  const few = await ada.get('/api/auth/sessions?ended=true&limit=3');
  expect(idsOf(few.body)).toEqual(['ended-229', 'ended-228', 'ended-227', ada.id]);
  expect((await ada.get('/api/auth/sessions')).body).toEqual({ sessions: [expect.objectContaining({ id: ada.id })] });
  expect((await ada.get('/api/auth/sessions?ended=true&after=nowhere')).status).toBe(422);
});

it('sessions that ended more than 90 days ago are on no page', async () => {
  const world = await createWorld();
  const ada = world.client();
  await ada.register();
  await ended(world, ada.user?.id ?? '', 5, t0 - days(90) - minutes(2));
  const { body } = await ada.get('/api/auth/sessions?ended=true');
  expect(idsOf(body)).toEqual([ada.id, 'ended-4', 'ended-3', 'ended-2']);
  expect(body.next).toBeUndefined();
});
