import { describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../../machines/index.ts';
import { sweep } from '../../server/index.ts';
import { createWorld, t0 } from './world.ts';

describe('the sweeper', () => {
  it('Promise 2: completes the log of sessions nobody asks about, each deadline at its own instant', async () => {
    const { client, pass, parts, events } = await createWorld();
    const ada = client();
    await ada.register();
    pass(hours(100));
    expect(await sweep(parts)).toBe(1);
    expect((await events(ada.id)).slice(1).map(({ at, to }) => [at - t0, to])).toEqual([
      [minutes(25), 'active.expiring'],
      [minutes(30), 'lapsed.idle'],
      [minutes(30) + hours(24), 'ended.expired'],
    ]);
    expect(await sweep(parts)).toBe(0);
  });

  it('changes nothing when several sweep at once', async () => {
    const { client, pass, parts, events } = await createWorld();
    const people = await Promise.all(
      ['ada', 'bob', 'cleo'].map(async (name) => {
        const person = client('bearer');
        await person.register(name);
        return person;
      }),
    );
    pass(minutes(31));
    await Promise.all([sweep(parts), sweep(parts), sweep(parts)]);
    for (const { id } of people)
      expect((await events(id)).map(({ to }) => to)).toEqual(['active.fresh', 'active.expiring', 'lapsed.idle']);
  });

  it('clears away expired drafts and old refusals, and nothing younger', async () => {
    const { client, pass, parts, now } = await createWorld();
    const ada = client('bearer');
    await ada.register();
    await ada.login('ada', 'wrong');
    await ada.call('PUT', '/api/drafts/old', { ciphertext: 'AAAA', savedAt: t0, expiresAt: t0 + minutes(5) });
    await ada.call('PUT', '/api/drafts/new', { ciphertext: 'AAAA', savedAt: t0 });
    pass(days(90) + 1);
    await client('bearer').login('ada', 'wrong again');
    await sweep(parts);
    expect((await parts.drafts.list(ada.user?.id ?? '', now())).map(({ key }) => key)).toEqual(['new']);
    expect(await parts.securityLog.since(0, 10)).toHaveLength(1);
  });
});
