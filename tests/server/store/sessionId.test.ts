import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomId } from '../../../server/options.ts';
import { routeOfSession, routeOfUser, sessionId } from '../../../server/store/sessionId.ts';
import { createWorld, modes, t0 } from '../../support/server/world.ts';

describe('the id of a session', () => {
  it('says where its user is kept, whatever text the id of the user is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 2 ** 44 }), (user, at) => {
        const id = sessionId(user, at, randomId());
        expect(routeOfSession(id)).toBe(routeOfUser(user));
        expect(id).toMatch(/^[\w-]{17}-[\w-]{24}$/);
      }),
    );
  });

  it('sorts by the second at which the session began', () => {
    const seconds = fc.integer({ min: 0, max: 2 ** 34 });
    fc.assert(
      fc.property(seconds, seconds, (one, other) => {
        const [a, b] = [one, other]
          .map((at) => sessionId(randomId(), at * 1000, randomId()))
          .map((id) => id.slice(0, 7));
        expect(Math.sign((a ?? '') < (b ?? '') ? -1 : a === b ? 0 : 1)).toBe(Math.sign(one - other));
      }),
    );
  });

  it('ASVS 7.2.3 has, besides, as many random bits as an id of before, and holds nothing of the id of the user', () => {
    const [one, other] = [0, 1].map(() => sessionId('ada@example.org', t0, randomId()));
    expect(one?.slice(0, 18)).toBe(other?.slice(0, 18));
    expect(one?.slice(18)).not.toBe(other?.slice(18));
    expect(Buffer.from(one?.slice(18) ?? '', 'base64url')).toHaveLength(18);
    expect(one).not.toContain('ada');
  });

  it('of before says nothing of its user', () => {
    for (let count = 0; count < 1000; count++) expect(routeOfSession(randomId())).toBeNull();
    expect(routeOfSession('')).toBeNull();
    expect(routeOfSession('s1')).toBeNull();
  });

  it.each(modes)('is of this form however a session begins (%s)', async (mode) => {
    const { client } = await createWorld();
    const ada = client(mode);
    await ada.register();
    expect(routeOfSession(ada.id)).toBe(routeOfUser(ada.user?.id ?? ''));
    const again = client(mode);
    await again.login();
    expect(routeOfSession(again.id)).toBe(routeOfUser(ada.user?.id ?? ''));
  });
});
