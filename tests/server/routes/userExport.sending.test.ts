import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { seconds } from '../../../machines/index.ts';
import { listen } from '../../../server/node/listen.ts';
import { StoreUnavailable, type ExportUserData } from '../../../server/index.ts';
import { begun } from '../../../server/contract/history.ts';
import { createVerbWorld } from '../../support/server/verbs.ts';
import { createWorld, origin, t0, type Client, type World } from '../../support/server/world.ts';

const path = '/api/auth/me/export';

/** Ada, who has had so many sessions that they are read in three pages. */
async function begin(exportUserData: ExportUserData = () => ({})) {
  const world = await createWorld({ exportUserData });
  const ada = world.client('bearer');
  await ada.register();
  const user = ada.user?.id ?? '';
  await world.parts.log.append(Array.from({ length: 1_100 }, (_, n) => begun(`s${n}`, user, t0 - seconds(n))));
  return { world, ada };
}

const ask = async ({ app }: World, { headers }: Client) => app.request(`${origin}${path}`, { headers });

/** Serves it over HTTP. @returns the address of the file */
async function served({ app }: World): Promise<string> {
  const port = await new Promise<number>((ready) => {
    const server = listen(app.fetch, { port: 0, host: '127.0.0.1' }, ready);
    onTestFinished(() => void server.close());
  });
  return `http://127.0.0.1:${port}${path}`;
}

/** Reads what has come so far, and then on demand. */
async function reading(answer: Promise<Response> | Response) {
  const { status, body } = await answer;
  expect(status).toBe(200);
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('there is a body');
  return {
    next: () => reader.read(),
    async rest() {
      let text = '';
      for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
      return text;
    },
    cancel: () => reader.cancel(),
  };
}

/** The log fails once so many pages of sessions have been read. */
function failAfter({ parts: { log } }: World, pages: number) {
  const pageOf = log.pageOf.bind(log);
  let read = 0;
  log.pageOf = async (...given) => {
    if (read++ === pages) throw new StoreUnavailable('out of reach');
    return pageOf(...given);
  };
}

const failures = ({ lines }: World) => lines.filter(({ msg }) => msg === 'failure').map(({ code }) => code);

/** Holds back what the application says. */
function heldBack() {
  const asked = Promise.withResolvers<AbortSignal>();
  const answer = Promise.withResolvers<object>();
  const exportUserData: ExportUserData = (_, { signal }) => {
    asked.resolve(signal);
    return answer.promise;
  };
  return { exportUserData, asked: asked.promise, answer: answer.resolve };
}

describe('the file with everything of a user, as it is sent', () => {
  it('is read as fast as it is taken, a page of sessions at a time', async () => {
    const { world, ada } = await begin();
    const pages: number[] = [];
    const pageOf = world.parts.log.pageOf.bind(world.parts.log);
    world.parts.log.pageOf = async (...given) => {
      const page = await pageOf(...given);
      pages.push(page.length);
      return page;
    };
    const file = await reading(ask(world, ada));
    await file.next();
    expect(pages).toEqual([500]);
    await file.rest();
    expect(pages).toEqual([500, 500, 101]);
  });

  it('ASVS 16.5.3 is 503 when the store cannot answer, and breaks off when it cannot go on', async () => {
    const { world, ada } = await begin();
    failAfter(world, 1);
    const file = await reading(ask(world, ada));
    await expect(file.rest()).rejects.toThrow('out of reach');
    expect(failures(world)).toEqual(['unavailable']);
    failAfter(world, 0);
    const refused = await ada.get(path);
    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    expect(refused.headers.has('Content-Disposition')).toBe(false);
    expect(world.lines.filter(({ msg }) => msg === 'export')).toHaveLength(1);
  });

  it('ASVS 7.4.1 Promise 1: breaks off when the session ends, wherever that happens', async () => {
    const { world, ada } = await begin();
    const file = await reading(ask(world, ada));
    await file.next();
    const phone = world.client('bearer');
    await phone.login();
    expect((await phone.call('DELETE', `/api/auth/sessions/${ada.id}`)).status).toBe(204);
    await expect(file.rest()).rejects.toThrow('The session has lapsed or ended.');
    expect(failures(world)).toEqual([]);
  });

  it('goes on for the newest request of a user alone, and for other users beside it', async () => {
    const { world, ada } = await begin();
    const bob = world.client('bearer');
    await bob.register('bob', 'a better password');
    const [first, other] = [await reading(ask(world, ada)), await reading(ask(world, bob))];
    const second = await reading(ask(world, ada));
    await expect(first.rest()).rejects.toThrow(/abort/);
    for (const whole of [second, other]) expect(JSON.parse(await whole.rest())).toHaveProperty('drafts');
    const third = await reading(ask(world, ada));
    await third.cancel();
    expect(JSON.parse(await (await ask(world, ada)).text()).sessions).toHaveLength(1_101);
    expect(failures(world)).toEqual([]);
  });

  it('is no file for a client of HTTP when it breaks off, and the server says nothing but a line of the log', async () => {
    const said = [vi.spyOn(console, 'error'), vi.spyOn(console, 'info')];
    const { world, ada } = await begin();
    const url = await served(world);
    const pageOf = world.parts.log.pageOf.bind(world.parts.log);
    world.parts.log.pageOf = async (user, query, limit) => {
      if (query.after) await ada.twin().post('/api/auth/logout');
      return pageOf(user, query, limit);
    };
    const ended = await fetch(url, { headers: ada.headers });
    expect(ended.status).toBe(200);
    await expect(ended.text()).rejects.toThrow('terminated');
    expect(failures(world)).toEqual([]);

    await ada.login();
    world.parts.log.pageOf = pageOf;
    failAfter(world, 2);
    const failed = await fetch(url, { headers: ada.headers });
    await expect(failed.text()).rejects.toThrow('terminated');
    expect(failures(world)).toEqual(['unavailable']);
    for (const each of said) {
      expect(each).not.toHaveBeenCalled();
      each.mockRestore();
    }
  });
});

describe('an application that takes its time', () => {
  it('ASVS 7.4.1 is not waited for when the session ends, and nothing is sent', async () => {
    const { exportUserData, asked } = heldBack();
    const { world, ada } = await begin(exportUserData);
    const answer = ada.get(path);
    const signal = await asked;
    expect(signal.aborted).toBe(false);
    await ada.twin().post('/api/auth/logout');
    const { status, body } = await answer;
    expect([status, body.code, body.reason]).toEqual([401, 'session_ended', 'signed_out']);
    expect(signal.aborted).toBe(true);
    expect(world.lines.map(({ msg }) => msg)).not.toContain('export');
  });

  it('is asked again by the next request, which ends the one before', async () => {
    const { exportUserData, asked } = heldBack();
    const { world, ada } = await begin(exportUserData);
    const first = ada.get(path);
    const signal = await asked;
    const second = ada.get(path);
    expect((await first).body).toMatchObject({ code: 'unavailable' });
    expect(signal.aborted).toBe(true);
    await ada.post('/api/auth/logout');
    expect((await second).body).toMatchObject({ code: 'session_ended' });
    expect(failures(world)).toEqual(['unavailable']);
  });

  it('is told when the client has gone', async () => {
    const { exportUserData, asked } = heldBack();
    const { world, ada } = await begin(exportUserData);
    const leaving = new AbortController();
    const answer = fetch(await served(world), { headers: ada.headers, signal: leaving.signal });
    const signal = await asked;
    const told = new Promise((resolve) => signal.addEventListener('abort', resolve));
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    await told;
  });

  it('does not keep a server from stopping', async () => {
    const { exportUserData, asked } = heldBack();
    const { curfew, visitor } = await createVerbWorld('sqlite', { exportUserData });
    const ada = visitor('bearer');
    await ada.signIn();
    const answer = ada.get(path);
    await asked;
    await curfew.close();
    expect((await answer).status).toBe(503);
  });
});
