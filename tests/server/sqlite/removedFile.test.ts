import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folder, Program, serve, stopped, tidy, type Server } from '../../support/server/child.ts';
import { damageIn } from '../../support/server/whole.ts';

afterAll(tidy);

async function begun(): Promise<{ home: string; path: string; server: Server; ada: Program }> {
  const home = join(folder(), 'data');
  const server = await serve(home);
  const ada = new Program(server);
  await ada.enter('register');
  return { home, path: join(home, 'curfew.db'), server, ada };
}

const refresh = (program: Program) => program.call('POST', '/api/auth/refresh', {});

/** Everything that writes is refused, and says nothing of the inside. */
async function expectRefusals(ada: Program): Promise<void> {
  for (const reply of [
    await refresh(ada),
    await ada.call('PUT', '/api/drafts/x', { ciphertext: 'AAAA', savedAt: 1 }),
    await ada.call('POST', '/api/conversations', { title: 'Plans' }),
    await ada.call('POST', '/api/auth/logout', {}),
    await new Program(ada.server).enter('login'),
    await new Program(ada.server).enter('register', 'bob'),
  ]) {
    expect(reply).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(reply.text).not.toContain('curfew.db');
  }
}

describe('a database file that disappears under an open server', () => {
  it('ASVS 16.5.2 is a 503 until it is back, and then everything goes on without a restart', async () => {
    const { path, server, ada } = await begun();
    renameSync(path, `${path}.away`);
    await expectRefusals(ada);
    // What can be known is still told: nothing can have changed it.
    expect((await ada.get('/api/auth/session-info')).body.session.version).toBe(1);
    renameSync(`${path}.away`, path);
    expect((await refresh(ada)).status).toBe(200);
    expect((await ada.call('PUT', '/api/drafts/x', { ciphertext: 'AAAA', savedAt: 1 })).status).toBe(201);
    await stopped(server);
    expect(await damageIn(path)).toEqual({ sessions: 1, events: 3, damaged: [] });
  });

  it('ASVS 16.5.2 with its whole folder is a 503 until it is back', async () => {
    const { home, path, server, ada } = await begun();
    renameSync(home, `${home}.away`);
    await expectRefusals(ada);
    renameSync(`${home}.away`, home);
    expect((await refresh(ada)).status).toBe(200);
    await stopped(server);
    expect((await damageIn(path)).damaged).toEqual([]);
  });

  it('ASVS 16.5.2 for another one is not written to: a copy stays as it is, and a restart goes on with it', async () => {
    const { home, path, server, ada } = await begun();
    copyFileSync(path, `${path}.copy`);
    copyFileSync(`${path}-wal`, `${path}.copy-wal`);
    renameSync(path, `${path}.away`);
    renameSync(`${path}.copy`, path);
    await expectRefusals(ada);
    server.kill('SIGKILL');
    await server.gone;
    rmSync(`${path}-shm`);
    renameSync(`${path}.copy-wal`, `${path}-wal`);
    const again = await serve(home);
    expect((await refresh(ada.on(again))).status).toBe(200);
    await stopped(again);
    expect((await damageIn(path)).damaged).toEqual([]);
  });

  it('Promise 8: without its write-ahead log loses nothing, not even by kill -9 right after the next answer', async () => {
    const { home, path, server, ada } = await begun();
    expect((await refresh(ada)).status).toBe(200);
    for (let time = 0; time < 3; time++) {
      rmSync(`${path}-wal`);
      expect((await refresh(ada)).status).toBe(200);
    }
    server.kill('SIGKILL');
    await server.gone;
    const again = await serve(home);
    const { body } = await ada.on(again).get(`/api/auth/sessions/${ada.id}/events`);
    expect(body.events).toHaveLength(ada.version);
    await stopped(again);
    expect((await damageIn(path)).damaged).toEqual([]);
  });
});
