import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../machines/index.ts';
import { createWorld, modes, t0 } from '../../support/server/world.ts';

const call = '/api/auth/leases/call';

describe.each(modes)('a lease, %s mode', (mode) => {
  it('Promise 3: keeps the session alive to its end, and is in the log', async () => {
    const { client, pass, events } = await createWorld();
    const ada = client(mode);
    await ada.register();
    const taken = await ada.call('PUT', call, { ms: minutes(90) });
    expect(taken.status).toBe(200);
    expect(taken.body.session.idleDeadline).toBe(t0 + minutes(90));
    expect((await events(ada.id)).at(-1)).toMatchObject({
      type: 'lease.taken',
      data: { kind: 'call', until: t0 + minutes(90) },
    });
    pass(minutes(60));
    expect((await ada.get('/api/auth/session-info')).body.session.state).toBe('active');
    pass(minutes(30));
    expect((await ada.get('/api/auth/session-info')).body.session.leaf).toBe('lapsed.idle');
  });

  it('restarts the idle clock when it is released, and releasing what is not there does nothing', async () => {
    const { client, pass, events } = await createWorld();
    const ada = client(mode);
    await ada.register();
    await ada.call('PUT', call, { ms: minutes(90) });
    pass(minutes(50));
    await ada.post('/api/auth/refresh', {});
    expect((await ada.call('DELETE', call)).status).toBe(204);
    const before = await events(ada.id);
    expect(before.filter(({ type }) => type === 'lease.released')).toHaveLength(1);
    expect((await ada.get('/api/auth/session-info')).body.session.idleDeadline).toBe(t0 + minutes(80));
    expect((await ada.call('DELETE', call)).status).toBe(204);
    expect(await events(ada.id)).toEqual(before);
  });

  it('is forbidden past what the policy allows', async () => {
    const { client } = await createWorld();
    const ada = client(mode);
    await ada.register();
    const answer = await ada.call('PUT', call, { ms: hours(2) + 1 });
    expect([answer.status, answer.body.code]).toEqual([403, 'lease_forbidden']);
  });

  it('is no way around the warning: answer first', async () => {
    const { client, pass } = await createWorld();
    const ada = client(mode);
    await ada.register();
    pass(minutes(26));
    for (const answer of [await ada.call('PUT', call, { ms: minutes(1) }), await ada.call('DELETE', call)])
      expect([answer.status, answer.body.code]).toEqual([409, 'answer_first']);
  });
});

describe.each(modes)('the proof of a warning, %s mode', (mode) => {
  it('is in the log once a stage, with what the person could see; what comes too early is not', async () => {
    const { client, pass, events } = await createWorld();
    const ada = client(mode);
    await ada.register();
    const tell = (stage: string, visible: boolean) => ada.post('/api/auth/warning', { stage, visible });
    expect((await tell('toast', true)).status).toBe(204);
    expect(await events(ada.id)).toHaveLength(1);
    pass(minutes(26));
    for (const [stage, visible] of [
      ['toast', true],
      ['toast', false],
      ['dialog', false],
    ] as const)
      expect((await tell(stage, visible)).status).toBe(204);
    const shown = (await events(ada.id)).filter(({ type }) => type === 'warning.shown');
    expect(shown.map(({ data }) => data)).toEqual([
      { stage: 'toast', visible: true },
      { stage: 'dialog', visible: false },
    ]);
    expect((await ada.get('/api/auth/session-info')).body.session.idleDeadline).toBe(t0 + minutes(30));
    pass(minutes(4));
    expect((await tell('dialog', true)).body.code).toBe('session_lapsed');
  });
});
