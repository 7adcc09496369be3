import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import { behindProxy } from '../../support/server/behindProxy.ts';
import type { Reply } from '../../support/server/child.ts';
import { lapse } from '../../support/server/world.ts';

const [home, elsewhere] = ['198.51.100.1', '203.0.113.9'];
const codes = (replies: readonly Reply[]) => replies.map(({ body }) => body.code ?? 'ok');
const wrong = 'invalid_credentials';
const slow = 'too_many_attempts';

describe('guessing a password', () => {
  it('ASVS 6.3.1 is free five times, then has to wait, longer and longer', async () => {
    const { login, pass } = await behindProxy();
    for (let time = 0; time < 5; time++) expect((await login(elsewhere, `guess ${time}`)).body.code).toBe(wrong);
    const waits: number[] = [];
    for (let time = 5; time < 20; time++) {
      const refused = await login(elsewhere, 'guess');
      expect(refused.status).toBe(429);
      expect(refused.headers['content-type']).toBe('application/problem+json');
      const wait = Number(refused.headers['retry-after']);
      expect(refused.body).toMatchObject({ code: slow, retryAfter: seconds(wait) });
      waits.push(wait);
      pass(seconds(wait) - 1);
      expect((await login(elsewhere, 'guess')).headers['retry-after']).toBe('1');
      pass(1);
      expect((await login(elsewhere, `guess ${time}`)).body.code).toBe(wrong);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900]);
  });

  it('is not looked at while it has to wait, not even when it is right, and is forgotten after a success', async () => {
    const { login, pass } = await behindProxy();
    for (let time = 0; time < 5; time++) await login(home, 'guess');
    expect((await login(home, 'correct horse')).body.code).toBe(slow);
    pass(seconds(1));
    expect((await login(home, 'correct horse')).status).toBe(200);
    for (let time = 0; time < 5; time++) expect((await login(home, 'guess')).body.code).toBe(wrong);
  });

  it('ASVS 6.3.1 by strangers elsewhere does not keep the owner out', async () => {
    const { login } = await behindProxy();
    for (let time = 0; time < 8; time++) await login(elsewhere, 'guess');
    expect((await login(elsewhere, 'guess')).body.code).toBe(slow);
    expect((await login(home, 'correct horse')).status).toBe(200);
    expect((await login(elsewhere, 'guess')).body.code).toBe(slow);
  });

  it('ASVS 6.3.8 looks the same for a name that nobody has', async () => {
    const { login } = await behindProxy();
    const seen = async (username: string) => {
      const replies: Reply[] = [];
      for (let time = 0; time < 7; time++) replies.push(await login(elsewhere, 'guess', username));
      return replies.map(({ status, text, headers: { date: _date, ...headers } }) => ({ status, text, headers }));
    };
    const [known, unknown] = [await seen('ada'), await seen('nobody')];
    expect(unknown).toEqual(known);
    expect(known.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  it('is counted for one name however it is spelled', async () => {
    const { login } = await behindProxy();
    const spellings = ['ada', 'ADA', ' Ada ', 'aDa', 'ａｄａ'];
    for (const name of spellings) expect((await login(elsewhere, 'guess', name)).body.code).toBe(wrong);
    expect((await login(elsewhere, 'guess', 'AdA')).body.code).toBe(slow);
  });

  it('twenty times at once gets no further than twenty times in a row', async () => {
    const { login } = await behindProxy();
    const replies = await Promise.all(Array.from({ length: 20 }, (_, time) => login(elsewhere, `guess ${time}`)));
    expect(codes(replies).filter((code) => code === wrong)).toHaveLength(5);
    expect(codes(replies).filter((code) => code === slow)).toHaveLength(15);
  });

  it('on the locked screen counts as well, together with the sign-in page', async () => {
    const { post, login, ada, pass, events } = await behindProxy();
    pass(lapse);
    const headers = { Authorization: `Bearer ${ada.token}`, 'X-Forwarded-For': elsewhere };
    const unlock = (password: string) => post('/api/auth/reauthenticate', { password }, headers);
    for (let time = 0; time < 3; time++) expect((await unlock('guess')).body.code).toBe(wrong);
    for (let time = 0; time < 2; time++) expect((await login(elsewhere, 'guess')).body.code).toBe(wrong);
    const refused = await unlock('correct horse');
    expect(refused.body.code).toBe(slow);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.headers['session-status']).toMatch(/^lapsed; reason=idle/);
    expect((await login(elsewhere, 'correct horse')).body.code).toBe(slow);
    expect((await events(ada.id)).map(({ type }) => type)).not.toContain('user.reauthenticated');
    pass(seconds(1));
    expect((await unlock('correct horse')).status).toBe(200);
  });

  it('ASVS 6.3.1 from one address stops at a hundred failures a minute, whatever the names, and nobody else is stopped', async () => {
    const { login, pass } = await behindProxy();
    for (let time = 0; time < 100; time++)
      expect((await login(elsewhere, 'guess', `name ${time}`)).body.code).toBe(wrong);
    const refused = await login(elsewhere, 'guess', 'one more');
    expect(refused.body.code).toBe(slow);
    expect(Number(refused.headers['retry-after'])).toBe(60);
    expect((await login(home, 'correct horse')).status).toBe(200);
    pass(minutes(1));
    expect((await login(elsewhere, 'guess', 'one more')).body.code).toBe(wrong);
  });

  it('ASVS 16.3.1 16.2.5 is written down with neither the name nor the address nor what was typed', async () => {
    const { login, parts, lines } = await behindProxy();
    for (let time = 0; time < 6; time++) await login(elsewhere, 'my-secret-guess', 'ada-lovelace');
    const failures = await parts.securityLog.since(0, 100);
    expect(failures.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 5 }, () => 'login_failed'),
      'login_throttled',
    ]);
    expect(new Set(failures.map(({ account, address }) => `${account} ${address}`)).size).toBe(1);
    expect(JSON.stringify([failures, lines])).not.toMatch(/lovelace|my-secret-guess|203\.0\.113/);
  });
});

describe('the address of a request', () => {
  it('is the peer’s own where no proxy is trusted, whatever the header says', async () => {
    const { login } = await behindProxy({});
    for (let time = 0; time < 5; time++) expect((await login(`203.0.113.${time}`, 'guess')).body.code).toBe(wrong);
    expect((await login('203.0.113.77', 'guess')).body.code).toBe(slow);
  });

  it('is read from the right, so that nobody gets away by putting another in front', async () => {
    const { login } = await behindProxy();
    for (let time = 0; time < 5; time++)
      expect((await login(`203.0.113.${time}, ${elsewhere}`, 'guess')).body.code).toBe(wrong);
    expect((await login(`198.51.100.200, 127.0.0.1, ${elsewhere}`, 'guess')).body.code).toBe(slow);
    expect((await login(`${elsewhere}, 198.51.100.200`, 'guess')).body.code).toBe(wrong);
  });

  it('goes through several proxies that are trusted', async () => {
    const { login } = await behindProxy({ trustedProxies: ['127.0.0.0/8', '10.0.0.0/8', 'fd00::/8'] });
    for (let time = 0; time < 5; time++)
      expect((await login(`${elsewhere}, 10.0.0.${time}, fd00::${time}`, 'guess')).body.code).toBe(wrong);
    expect((await login(`${elsewhere}, 10.1.2.3`, 'guess')).body.code).toBe(slow);
    expect((await login(`${home}, 10.1.2.3`, 'guess')).body.code).toBe(wrong);
  });

  it('is the same with and without a port, in brackets, and as IPv6 writes IPv4', async () => {
    const { login } = await behindProxy();
    for (const spelling of [
      elsewhere,
      `${elsewhere}:4711`,
      `::ffff:${elsewhere}`,
      `[::ffff:${elsewhere}]:4711`,
      ` ${elsewhere} `,
    ])
      expect((await login(spelling, 'guess')).body.code, spelling).toBe(wrong);
    expect((await login(elsewhere, 'guess')).body.code).toBe(slow);
  });

  it('is one for the whole network of an IPv6 subscriber', async () => {
    const { login } = await behindProxy();
    for (let time = 0; time < 5; time++) expect((await login(`2001:db8:1:2::${time}`, 'guess')).body.code).toBe(wrong);
    expect((await login('[2001:DB8:1:2:ffff::1]:443', 'guess')).body.code).toBe(slow);
    expect((await login('2001:db8:1:3::1', 'guess')).body.code).toBe(wrong);
  });

  it('that is none breaks nothing, and is no way to be somebody new each time', async () => {
    const { login, lines } = await behindProxy({ trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
    const nonsense = [
      'unknown',
      '_hidden',
      '203.0.113.999',
      'fe80::1%eth0',
      '',
      ',,,',
      'x'.repeat(5_000),
      "'; --",
      '[::1',
      '::1]:x',
    ];
    const replies: Reply[] = [];
    for (const said of nonsense) replies.push(await login(`${said}, 10.0.0.1`, 'guess'));
    expect(codes(replies)).toEqual(nonsense.map((_, time) => (time < 5 ? wrong : slow)));
    expect(lines.filter(({ msg }) => msg === 'failure')).toEqual([]);
  });
});
