import { describe, expect, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { command } from '../../../server/session/command.ts';
import { createWorld, t0, type World } from '../../support/server/world.ts';

/** Writes into a session's log that a Curfew client has spoken for it, as a later version does. */
const hear = ({ parts, now }: World, id: string) =>
  command(parts, id, () => ({ events: [{ type: 'client.heard', at: now() }], answer: null }));

describe.each(['memory', 'sqlite', 'postgres'] as const)(
  'a request that says nothing, under `until-declared`, on a log in %s',
  (log) => {
    it('NIST SP 800-63B-4 §5.1.2 counts as a person until a client was heard, and then only what is declared does', async () => {
      const world = await createWorld({ log, policy: { undeclaredActivity: 'until-declared' } });
      const ada = world.client();
      await ada.register();
      const seenAfter = async (headers: Record<string, string> = {}) => {
        world.pass(minutes(5));
        await ada.get('/api/drafts', headers);
        await ada.get('/api/auth/session-info');
        return (ada.session?.lastActivityAt ?? 0) - t0;
      };
      expect(await seenAfter()).toBe(minutes(5));
      await hear(world, ada.id);
      expect(await seenAfter()).toBe(minutes(5));
      expect(await seenAfter({ 'Session-Activity': 'user' })).toBe(minutes(15));
      expect(await seenAfter()).toBe(minutes(15));
      expect((await world.events(ada.id)).map(({ type }) => type)).toEqual([
        'session.started',
        'activity.seen',
        'client.heard',
        'activity.seen',
      ]);
    });
  },
);
