import { describe, expect, test } from 'vitest';
import { pseudonyms } from '../../../server/keys/pseudonyms.ts';
import type { SecurityEvent } from '../../../server/store/securityLog.ts';
import { eachDatabase } from '../../support/server/eachDatabase.ts';

const names = pseudonyms('a secret of at least thirty-two bytes');

const failed = (at: number, account = 'ada@example.org'): SecurityEvent => ({
  at,
  kind: 'login_failed',
  account,
  address: '203.0.113.77',
});

describe.each(eachDatabase)('the security log in %s', (_name, open) => {
  async function world() {
    const { securityLog, sql } = await open();
    return { log: securityLog(names), rows: () => sql('select * from security_log') };
  }

  test('ASVS 16.3.1 what failed is there, oldest first, in pages', async () => {
    const { log } = await world();
    for (const at of [3, 1, 2]) await log.record(failed(at));
    expect((await log.since(0, 10)).map(({ at }) => at)).toEqual([1, 2, 3]);
    expect((await log.since(0, 2)).map(({ at }) => at)).toEqual([1, 2]);
    expect((await log.since(2, 10)).map(({ at }) => at)).toEqual([3]);
  });

  test('ASVS 16.2.5 names and addresses are kept as pseudonyms: the same for the same, told apart, not to be read', async () => {
    const { log, rows } = await world();
    await log.record(failed(1));
    await log.record(failed(2, 'ADA@example.org'));
    await log.record(failed(3, 'bob@example.org'));
    const [first, second, third] = await log.since(0, 10);
    expect(first?.account).toBe(second?.account);
    expect(first?.account).not.toBe(third?.account);
    expect(first?.address).toBe(third?.address);
    expect(JSON.stringify(await rows())).not.toMatch(/ada|bob|example|203\.0/i);
  });

  test('the pseudonyms of one secret say nothing to those of another', () => {
    const others = pseudonyms('another secret of thirty-two bytes or so');
    expect(others.account('ada')).not.toBe(names.account('ada'));
    expect(others.address('203.0.113.77')).not.toBe(names.address('203.0.113.77'));
    expect(names.account('ada')).not.toBe(names.address('ada'));
  });

  test('what is not known is left out, and what is known of a user and the circumstances is kept', async () => {
    const { log } = await world();
    await log.record({ at: 1, kind: 'cross_site_refused' });
    await log.record({ at: 2, kind: 'access_denied', user: 'u1', detail: { route: '/api/drafts/:key', status: 403 } });
    expect(await log.since(0, 10)).toEqual([
      { at: 1, kind: 'cross_site_refused', detail: {} },
      { at: 2, kind: 'access_denied', user: 'u1', detail: { route: '/api/drafts/:key', status: 403 } },
    ]);
  });

  test('ASVS 16.4.1 what somebody typed cannot forge a line', async () => {
    const { log, rows } = await world();
    await log.record(failed(1, 'ada\r\n2 login_succeeded root'));
    expect(await rows()).toHaveLength(1);
    expect(JSON.stringify(await rows())).not.toContain('root');
  });

  test('what is older than it is to be kept is erased', async () => {
    const { log } = await world();
    for (const at of [1, 2, 3]) await log.record(failed(at));
    await log.purge(2);
    expect((await log.since(0, 10)).map(({ at }) => at)).toEqual([2, 3]);
  });
});
