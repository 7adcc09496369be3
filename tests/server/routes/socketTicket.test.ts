import { describe, expect, it } from 'vitest';
import { seconds } from '../../../machines/index.ts';
import { ownApplication } from '../../support/server/ownApplication.ts';
import type { Client, WorldOptions } from '../../support/server/world.ts';

const front = 'https://front.example.com';

async function begin(options: WorldOptions = {}) {
  const own = await ownApplication(
    (app, { protect, routes }) => {
      app.use('/api/*', protect()).route('/', routes);
      app.get('/api/socket', (c) => c.json({ of: c.var.session.user }));
      app.get('/api/report', (c) => c.json({ of: c.var.session.user }));
    },
    { origins: [front], ...options },
  );
  const ada = await own.signedIn('bearer');
  const nobody = own.client('bearer');
  const ticketOf = async (client: Client): Promise<string> =>
    (await client.post('/api/auth/socket-ticket', {}, { Origin: front, 'Sec-Fetch-Site': 'cross-site' })).body.ticket;
  /** What a page of the front end asks when it opens a socket, with no header of its own. */
  const open = (ticket: string, headers: Record<string, string> = { Origin: front }) =>
    nobody.get(`/api/socket?ticket=${ticket}`, { Upgrade: 'websocket', Connection: 'Upgrade', ...headers });
  return { ...own, ada, nobody, ticketOf, open };
}

describe.each(['sqlite', 'postgres', 'memory'] as const)('a ticket for a socket (%s)', (log) => {
  it('ASVS 4.4.4 opens one socket, once, within 30 s, and says nothing by itself', async () => {
    const { ada, ticketOf, open, world } = await begin({ log });
    const ticket = await ticketOf(ada);
    expect(ticket).toMatch(/^[\w-]{24}$/);
    expect((await open(ticket)).body).toEqual({ of: ada.user?.id });
    expect((await open(ticket)).body).toMatchObject({ status: 401, code: 'invalid_token' });

    const late = await ticketOf(ada);
    world.pass(seconds(30));
    expect((await open(late)).body).toMatchObject({ status: 401, code: 'invalid_token' });
    const [first, second] = await Promise.all([ticketOf(ada), ticketOf(ada)]);
    expect(first).not.toBe(second);
    const answers = await Promise.all([open(first), open(first), open(first)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
  });

  it('is bound to the session and its generation: neither outlives a sign-out nor a re-authentication', async () => {
    const { ada, ticketOf, open } = await begin({ log });
    const before = await ticketOf(ada);
    await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect((await open(before)).body).toMatchObject({ status: 401, code: 'token_superseded' });
    const ended = await ticketOf(ada);
    await ada.post('/api/auth/logout');
    expect((await open(ended)).body).toMatchObject({ status: 401, code: 'session_ended' });
    expect((await ada.post('/api/auth/socket-ticket')).status).toBe(401);
  });
});

describe('a ticket', () => {
  it('opens nothing but a socket, and nothing for another origin', async () => {
    const { ada, nobody, ticketOf, open, world } = await begin();
    const ticket = await ticketOf(ada);
    expect((await nobody.get(`/api/report?ticket=${ticket}`)).body).toMatchObject({ code: 'unauthenticated' });
    expect((await open(ticket, { Origin: 'https://evil.example' })).body).toMatchObject({ code: 'cross_site' });
    expect((await open(await ticketOf(ada), {})).status).toBe(200);
    expect((await world.parts.securityLog.since(0, 10)).map(({ kind }) => kind)).toEqual(['cross_site_refused']);
  });

  it('is kept as a hash only', async () => {
    const { ada, ticketOf, world } = await begin();
    const ticket = await ticketOf(ada);
    expect(JSON.stringify(await world.rows('single_use'))).not.toContain(ticket);
  });
});
