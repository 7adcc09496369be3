import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStage, settled } from '../../../support/journey.ts';
import { origin } from '../../../support/server/world.ts';

const written: unknown[][] = [];

beforeEach(() => {
  written.length = 0;
  vi.spyOn(console, 'error').mockImplementation((...line) => void written.push(line));
});
afterEach(() => vi.restoreAllMocks());

const advice = 'are Curfew’s routes mounted, and is basePath the same as the server’s?';

describe('a tab whose server does not have Curfew where it looks', () => {
  it('says so in the console, once, however often it asks', async () => {
    const stage = await createStage();
    stage.network.answers = () => new Response('Cannot GET', { status: 404 });
    const { tab, until } = stage.open({ options: { basePath: '/wrong' } });
    await until('unreachable');
    expect(tab.state().problem?.code).toBe('http_404');
    await stage.pass(11_000);
    await until('unreachable');
    expect(written).toEqual([[`curfew: GET ${origin}/wrong/auth/session-info answered 404: ${advice}`]]);
  });

  it('says so, too, of a page in place of an answer, as a server of one page gives it', async () => {
    const stage = await createStage();
    stage.network.answers = () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } });
    const { until } = stage.open();
    await until('unreachable');
    expect(written).toEqual([[`curfew: GET ${origin}/api/auth/session-info answered 200, and no JSON: ${advice}`]]);
  });

  it('says nothing of what Curfew itself refuses, nor of a server that is down', async () => {
    const stage = await createStage();
    const { tab, until } = stage.open();
    await until('signedOut');
    tab.signIn({ username: 'ada', password: 'wrong' });
    await settled(() => tab.state().problem?.code === 'invalid_credentials', 'the password is refused');
    await stage.open({ options: { basePath: '/wrong' } }).until('unreachable');
    stage.network.answers = () => new Response('Bad gateway', { status: 502 });
    await stage.open().until('unreachable');
    stage.network.isDown = true;
    await stage.open().until('unreachable');
    expect(written).toEqual([]);
  });
});
