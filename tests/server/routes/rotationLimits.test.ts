import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds, type Duration, type Policy } from '../../../machines/index.ts';
import { createWorld, modes, type Answer, type Client } from '../../support/server/world.ts';

const claims = (token: string | null) => JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString());

/** What an answer says, in a word. */
const said = ({ status, body }: Answer): string => (body?.reason ? body.reason : (body?.code ?? String(status)));

interface Stage {
  readonly ada: Client;
  readonly pass: (duration: Duration) => void;
}

/** A client that holds an older generation, with how long it is until the limit that the sentence speaks of. */
interface Scene {
  readonly old: Client;
  readonly until: Duration;
}

const grace = seconds(30);
const me = (client: Client) => client.get('/api/auth/me');
const refresh = (client: Client) => client.post('/api/auth/refresh');

/** Rotates, and lets the new generation be used after a while. */
async function rotated({ ada, pass }: Stage, before: Duration, used: Duration): Promise<Client> {
  const old = ada.twin();
  pass(before);
  await refresh(ada);
  pass(used);
  await me(ada);
  return old;
}

/** Something that happens in the middle of the grace, and what is left of it. */
const inTheGrace =
  (happens: (stage: Stage, old: Client) => Promise<unknown>) =>
  async (stage: Stage): Promise<Scene> => {
    const old = await rotated(stage, 0, 0);
    stage.pass(seconds(20));
    await happens(stage, old);
    return { old, until: grace - seconds(20) };
  };

/** Nothing but time. */
const nothingFor =
  (until: Duration) =>
  async ({ ada }: Stage): Promise<Scene> => ({ old: ada.twin(), until });

type Sentence = readonly [
  sentence: string,
  play: (stage: Stage) => Promise<Scene>,
  ask: (client: Client) => Promise<Answer>,
  answers: readonly [before: string, at: string, after: string],
  policy: Partial<Policy>,
];

const short = { tokenLifetime: minutes(2) };

const sentences: readonly Sentence[] = [
  [
    'an ordinary request with the old generation works for its grace after the first use of the new one',
    async (stage) => ({ old: await rotated(stage, 0, 0), until: grace }),
    me,
    ['200', 'token_superseded', 'token_superseded'],
    {},
  ],
  [
    'the grace begins with the first use, however long after the rotation that is',
    async (stage) => ({ old: await rotated(stage, 0, minutes(9)), until: grace }),
    me,
    ['200', 'token_superseded', 'token_superseded'],
    {},
  ],
  [
    'a second use does not begin the grace again',
    inTheGrace(({ ada }) => me(ada)),
    me,
    ['200', 'token_superseded', 'token_superseded'],
    {},
  ],
  [
    'a retry does not begin it again either',
    inTheGrace((_, old) => refresh(old.twin())),
    refresh,
    ['200', 'compromised', 'compromised'],
    {},
  ],
  [
    'of g, g+1 and g+2 it is the first use of g+1 that g’s grace is counted from',
    inTheGrace(async ({ ada }) => {
      await refresh(ada);
      await me(ada);
    }),
    refresh,
    ['200', 'compromised', 'compromised'],
    {},
  ],
  [
    'without a grace the old generation is reuse from the first use on',
    async (stage) => {
      const old = stage.ada.twin();
      await refresh(stage.ada);
      await me(stage.ada);
      return { old, until: 1 };
    },
    refresh,
    ['compromised', 'compromised', 'compromised'],
    { rotationGrace: 0 },
  ],
  [
    'an expired token of a live session is refused by ordinary routes',
    nothingFor(minutes(2)),
    me,
    ['200', 'token_expired', 'token_expired'],
    short,
  ],
  ['and taken by refresh', nothingFor(minutes(2)), refresh, ['200', '200', '200'], short],
  [
    'and by session-info',
    nothingFor(minutes(2)),
    (client) => client.get('/api/auth/session-info'),
    ['200', '200', '200'],
    short,
  ],
  [
    'generation is judged before exp: in its grace an expired one has expired, after it, it is superseded',
    async (stage) => ({ old: await rotated(stage, minutes(2), 0), until: grace }),
    me,
    ['token_expired', 'token_superseded', 'token_superseded'],
    short,
  ],
  [
    'an expired token is refreshed in its grace, and after it, it is reuse',
    async (stage) => ({ old: await rotated(stage, minutes(2), 0), until: grace }),
    refresh,
    ['200', 'compromised', 'compromised'],
    short,
  ],
  [
    'state is judged before exp: where both come together the session has lapsed',
    nothingFor(minutes(30)),
    me,
    ['200', 'idle', 'idle'],
    {},
  ],
  ['a current token refreshes a live session only', nothingFor(minutes(30)), refresh, ['200', 'idle', 'idle'], {}],
  [
    'reuse ends a lapsed session for as long as it can be resumed; an expired one stays expired',
    async (stage) => ({ old: await rotated(stage, 0, 0), until: minutes(30) + hours(24) }),
    refresh,
    ['compromised', 'expired', 'expired'],
    {},
  ],
];

describe.each(modes)('RFC 9700 4.14.2 to the millisecond, %s mode', (mode) => {
  it.each(sentences)('%s', async (_, play, ask, answers, policy) => {
    for (const [index, late] of [-1, 0, 1].entries()) {
      const world = await createWorld({ policy });
      const ada = world.client(mode);
      await ada.register();
      const { old, until } = await play({ ada, pass: world.pass });
      world.pass(until + late);
      expect([late, said(await ask(old))]).toEqual([late, answers[index]]);
    }
  });

  it('ASVS 10.4.5 an ordinary request after the grace has no consequence, a refresh has', async () => {
    const { client, pass, events } = await createWorld();
    const ada = client(mode);
    await ada.register();
    const old = await rotated({ ada, pass }, 0, 0);
    pass(grace);
    const before = await events(ada.id);
    for (const path of ['me', 'session-info', 'vault-key', 'sessions'])
      expect(said(await old.get(`/api/auth/${path}`))).toBe('token_superseded');
    expect(await events(ada.id)).toEqual(before);
    expect(said(await refresh(old))).toBe('compromised');
    expect(said(await me(ada))).toBe('compromised');
  });

  it('a generation’s iat and exp are fixed at its rotation: a retry up to its last millisecond gets the same token', async () => {
    const { client, pass, now } = await createWorld();
    const ada = client(mode);
    await ada.register();
    const [old, late] = [ada.twin(), ada.twin()];
    pass(1234);
    const rotatedAt = now();
    await refresh(ada);
    pass(minutes(7));
    await refresh(late);
    expect(late.token).toBe(ada.token);
    expect(claims(ada.token)).toMatchObject({
      gen: 1,
      iat: Math.floor(rotatedAt / 1000),
      exp: Math.floor((rotatedAt + minutes(30)) / 1000),
    });
    await me(ada);
    pass(grace - 1);
    const answer = await refresh(old);
    expect(answer.status).toBe(200);
    expect(answer.headers.has('Set-Cookie')).toBe(false);
    if (mode === 'bearer') expect(old.token).toBe(ada.token);
  });
});
