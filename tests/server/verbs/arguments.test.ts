import { describe, expect, test } from 'vitest';
import { createVerbWorld, type VerbWorld } from '../../support/server/verbs.ts';
import { origin } from '../../support/server/world.ts';

const request = () => new Request(`${origin}/callback`);
const good = (world: VerbWorld) => ({ user: 'ada', method: ['pwd'], authenticatedAt: world.now() });

/** What is thrown, or what a promise rejects with. */
async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return null;
}

async function expectLine(call: () => unknown, line: RegExp) {
  const error = await thrownBy(call);
  expect(error).toBeInstanceOf(TypeError);
  const { message } = error as TypeError;
  expect(message).toMatch(line);
  expect(message).not.toContain('\n');
}

const wrong: [name: string, value: unknown, line: RegExp][] = [
  ['user', '', /^signIn: user must be a text of 1 to 200 characters \(String\(user\.id\)\), .*, and is ""$/],
  ['user', '   ', /^signIn: user /],
  ['user', undefined, /^signIn: user must be .*, and is undefined$/],
  ['user', 7, /^signIn: user /],
  ['user', 'x'.repeat(201), /^signIn: user /],
  ['user', 'half a pair \ud800', /^signIn: user /],
  ['user', { id: '' }, /^signIn: user\.id must be a text of 1 to 200 characters \(String\(user\.id\)\), and is ""$/],
  ['user', { id: 7 }, /^signIn: user\.id must be a text of 1 to 200 characters \(String\(user\.id\)\), and is 7$/],
  ['user', { id: 'u', email: 'ada@example.org' }, /^signIn: there is no user\.email; there are id, name, role$/],
  ['user', { id: 'u', username: 'ada' }, /^signIn: there is no user\.username; there are id, name, role$/],
  ['user', { id: 'u', role: 7 }, /^signIn: user\.role must be a text of 1 to 200 characters, and is 7$/],
  ['user', { id: 'u', name: '' }, /^signIn: user\.name must be a text of 1 to 2000 characters, and is ""$/],
  ['method', undefined, /^signIn: method must be a list of registered amr values \(face, .*, and is undefined$/],
  ['method', 'pwd', /^signIn: method /],
  ['method', ['password'], /^signIn: method .*, and is \["password"\]$/],
  ['method', ['pwd', 'pwd'], /^signIn: method /],
  ['authenticatedAt', undefined, /^signIn: authenticatedAt must be in epoch milliseconds, /],
  ['authenticatedAt', Number.NaN, /^signIn: authenticatedAt /],
  ['authenticatedAt', Infinity, /^signIn: authenticatedAt /],
  ['authenticatedAt', -1, /^signIn: authenticatedAt /],
  ['authenticatedAt', 1_795_000_000, /^signIn: authenticatedAt must be in epoch milliseconds.*, and is 1795000000$/],
  ['authenticatedAt', '2026-11-29', /^signIn: authenticatedAt /],
  ['authenticatedAt', 1e15, /^signIn: authenticatedAt .* not more than 60 s in the future/],
  ['issuer', '', /^signIn: issuer /],
  ['amr', 'pwd', /^signIn: amr /],
  ['amr', [7], /^signIn: amr /],
  ['acr', 1, /^signIn: acr /],
  ['reference', 's-1', /^signIn: reference must be an object of issuer and sid, /],
  ['reference', { sid: 's-1' }, /^signIn: reference /],
  ['reference', { issuer: 'i', sid: 's', sub: 'x' }, /^signIn: reference /],
  ['remember', 'yes', /^signIn: remember must be true or false, and is "yes"$/],
  ['transport', 'header', /^signIn: transport must be cookie or bearer, and is "header"$/],
  ['session', '', /^signIn: session /],
  ['session', null, /^signIn: session /],
  ['nonsense', 1, /^signIn: there is no argument nonsense; there are user, method, authenticatedAt, issuer, /],
];

describe('signIn refuses in one line that names the argument, and makes nothing', () => {
  test.each(wrong)('%s: %o', async (name, value, line) => {
    const world = await createVerbWorld('memory');
    await expectLine(() => world.curfew.signIn(request(), { ...good(world), [name]: value }), line);
    expect(await world.store.overview.search({}, 9)).toEqual([]);
  });

  test('more than 60 s in the future, to the millisecond', async () => {
    const world = await createVerbWorld('memory');
    const at = (authenticatedAt: number) => world.curfew.signIn(request(), { ...good(world), authenticatedAt });
    await expectLine(() => at(world.now() + 60_001), /^signIn: authenticatedAt /);
    expect((await at(world.now() + 60_000)).ok).toBe(true);
  });

  test('what brings no request', async () => {
    const world = await createVerbWorld('memory');
    for (const carrier of [null, undefined, 'request', {}, 7])
      await expectLine(
        () => world.curfew.signIn(carrier as never, good(world)),
        /^signIn: the first argument must be /,
      );
    await expectLine(() => world.curfew.signIn(request(), null as never), /^signIn: the arguments must be an object, /);
  });
});

const calls: [string, (world: VerbWorld) => unknown, RegExp][] = [
  [
    'signOut',
    ({ curfew }) => curfew.signOut(request(), { forgetDevice: 1 } as never),
    /^signOut: forgetDevice must be /,
  ],
  [
    'signOut',
    ({ curfew }) => curfew.signOut(request(), { all: true } as never),
    /^signOut: there is no argument all; /,
  ],
  [
    'revoke',
    ({ curfew }) => curfew.revoke('everybody' as never, { reason: 'x' }),
    /^revoke: the first argument must be /,
  ],
  ['revoke', ({ curfew }) => curfew.revoke({} as never, { reason: 'x' }), /^revoke: the first argument must be /],
  [
    'revoke',
    ({ curfew }) => curfew.revoke({ user: 'a', session: 'b' }, { reason: 'x' }),
    /^revoke: the first argument must be \{ session \}, \{ user \}, \{ reference: \{ issuer, sid \} \} or 'all'$/,
  ],
  ['revoke', ({ curfew }) => curfew.revoke({ user: '' }, { reason: 'x' }), /^revoke: the first argument must be /],
  [
    'revoke',
    ({ curfew }) => curfew.revoke({ reference: { issuer: 'i' } } as never, { reason: 'x' }),
    /^revoke: the first /,
  ],
  [
    'revoke',
    ({ curfew }) => curfew.revoke({ user: 'a' }, {} as never),
    /^revoke: reason must be .*, and is undefined$/,
  ],
  ['revoke', ({ curfew }) => curfew.revoke({ user: 'a' }, { reason: ' ' }), /^revoke: reason must be /],
  ['revoke', ({ curfew }) => curfew.revoke({ user: 'a' }, { reason: 'x'.repeat(201) }), /^revoke: reason must be /],
  ['revoke', ({ curfew }) => curfew.revoke('all', { reason: 'x', except: ['a'] } as never), /^revoke: except must be /],
  [
    'revoke',
    ({ curfew }) => curfew.revoke('all', { reason: 'x', by: 'me' } as never),
    /^revoke: there is no argument by; /,
  ],
  ['erase', ({ curfew }) => curfew.erase({ user: '' }), /^erase: user must be /],
  ['erase', ({ curfew }) => curfew.erase('ada' as never), /^erase: the arguments must be an object, and are "ada"$/],
  // A user that is not known by mistake must not list everybody's.
  ['sessions', ({ curfew }) => curfew.sessions({ user: undefined } as never), /^sessions: user must be /],
  [
    'sessions',
    ({ curfew }) => curfew.sessions(null as never),
    /^sessions: the arguments must be an object, and are null/,
  ],
  [
    'sessions',
    ({ curfew }) => curfew.sessions({ user: 'a', limit: 2 } as never),
    /^sessions: there is no argument limit/,
  ],
  ['sessions', ({ curfew }) => curfew.sessions({ ended: true } as never), /^sessions: there is no argument ended/],
  ['sessions', ({ curfew }) => curfew.sessions({ limit: 0 }), /^sessions: limit must be a whole number from 1 to 100/],
  ['sessions', ({ curfew }) => curfew.sessions({ limit: 101 }), /^sessions: limit must be /],
  ['sessions', ({ curfew }) => curfew.sessions({ limit: 1.5 }), /^sessions: limit must be /],
  [
    'sessions',
    ({ curfew }) => curfew.sessions({ state: 'gone' } as never),
    /^sessions: state must be active, expiring/,
  ],
  [
    'sessions',
    ({ curfew }) => curfew.sessions({ after: 'somewhere' }),
    /^sessions: after must be the `next` of a page/,
  ],
  ['sessions', ({ curfew }) => curfew.sessions({ user: 'a', ended: 'all' } as never), /^sessions: ended must be /],
  ['applyPolicy', ({ curfew }) => curfew.applyPolicy({ user: 7 } as never), /^applyPolicy: user must be /],
  [
    'backChannelLogout',
    ({ curfew }) => curfew.backChannelLogout(request(), {} as never),
    /^backChannelLogout: verify must /,
  ],
  [
    'backChannelLogout',
    ({ curfew }) => curfew.backChannelLogout(request(), { verify: () => ({}), user: 'ada' } as never),
    /^backChannelLogout: user must be a function /,
  ],
];

describe('the other verbs refuse in one line that names the argument', () => {
  test.each(calls)('%s: %o', async (_, call, line) => {
    const world = await createVerbWorld('memory');
    await expectLine(() => call(world), line);
  });
});

test('an argument that is undefined counts as not given', async () => {
  const world = await createVerbWorld('memory');
  const result = await world.curfew.signIn(request(), {
    ...good(world),
    issuer: undefined,
    amr: undefined,
    acr: undefined,
    reference: undefined,
    remember: undefined,
    transport: undefined,
    session: undefined,
  });
  expect(result.ok).toBe(true);
});

test('onEnd and policy that are no functions, and no objects, are refused by name', async () => {
  await expect(createVerbWorld('memory', { onEnd: 'log' as never })).rejects.toThrow(
    /^createCurfew: onEnd must be a function /,
  );
  await expect(createVerbWorld('memory', { policy: 'strict' as never })).rejects.toThrow(
    /^createCurfew: policy must be an object .* or a function that returns one, and is "strict"$/,
  );
});
