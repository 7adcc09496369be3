import { describe, expect, test } from 'vitest';
import { hours, minutes, seconds, type Duration } from '../../../machines/index.ts';
import { pseudonyms } from '../../../server/keys/pseudonyms.ts';
import { type AttemptStore } from '../../../server/store/attempts.ts';
import { sqliteAttempts } from '../../../server/sqlite/attempts.ts';
import { createThrottle, type Throttle } from '../../../server/throttle/throttle.ts';
import { postgresAttempts } from '../../../server/postgres/attempts.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { administer, freshDatabase, opened } from '../../support/postgres/fresh.ts';

const home = '192.0.2.1';
const away = '198.51.100.2';

/** Where failures are counted; each opens its counts as a node does. */
type Place = () => Promise<{ open: () => Promise<AttemptStore>; rows: () => Promise<readonly object[]> }>;

const inSqlite: Place = async () => {
  const database = openDatabase(':memory:');
  const rows = database.prepare('select * from throttled');
  return { open: async () => sqliteAttempts(database), rows: async () => rows.all() };
};

const inPostgres: Place = async () => {
  const address = await freshDatabase();
  await opened(address);
  return {
    open: async () => postgresAttempts(await opened(address)),
    rows: () => administer('select * from throttled', address),
  };
};

const places: [string, Place][] = [
  ['SQLite', inSqlite],
  ['PostgreSQL', inPostgres],
];

const names = pseudonyms('a secret of at least thirty-two bytes');

/** A throttle on a clock that only the test moves, and what was let through to the password. */
async function worldIn(place: Place) {
  let now = Date.UTC(2030, 0, 1);
  let verdicts = 0;
  const { open, rows } = await place();
  const node = async () => createThrottle(await open(), { clock: () => now, pseudonyms: names });
  let throttle = await node();
  const attempt = async (right: boolean, account: string | null, address: string, by = throttle) => {
    const outcome = await by.attempt(account, address, async () => {
      verdicts += 1;
      await Promise.resolve();
      return right ? 'in' : null;
    });
    return outcome.ok ? outcome.value : outcome.code === 'too_many_attempts' ? outcome.retryAfter : 'wrong';
  };
  return {
    pass: (duration: Duration) => void (now += duration),
    restart: async () => void (throttle = await node()),
    verdicts: () => verdicts,
    right: (account: string | null = 'ada', address = home) => attempt(true, account, address),
    wrong: (account: string | null = 'ada', address = home) => attempt(false, account, address),
    node,
    wrongOn: (by: Throttle) => attempt(false, 'ada', home, by),
    rightOn: (by: Throttle) => attempt(true, 'ada', home, by),
    broken: () =>
      throttle.attempt('ada', home, async () => {
        throw new Error('the store is down');
      }),
    purge: () => throttle.purge(),
    rows,
  };
}

type World = Awaited<ReturnType<typeof worldIn>>;

async function failed(times: number, { wrong }: World, account = 'ada', address = home) {
  for (let n = 0; n < times; n++) expect(await wrong(account, address)).toBe('wrong');
}

describe.each(places)('counted in %s', (_name, place) => {
  const world = () => worldIn(place);

  describe('an account at one address', () => {
    test('has five free tries, then waits, and a refused try is not looked at', async () => {
      const it = await world();
      await failed(5, it);
      expect(await it.wrong()).toBe(seconds(1));
      expect(await it.right()).toBe(seconds(1));
      expect(it.verdicts()).toBe(5);
    });

    test('waits exactly as long as it was told', async () => {
      const it = await world();
      await failed(5, it);
      it.pass(seconds(1) - 1);
      expect(await it.right()).toBe(1);
      it.pass(1);
      expect(await it.right()).toBe('in');
    });

    test('waits twice as long after each further failure, up to 15 minutes, well before the twentieth', async () => {
      const it = await world();
      await failed(5, it);
      const delays: Duration[] = [];
      for (let n = 0; n < 15; n++) {
        const delay = Number(await it.wrong());
        delays.push(delay);
        it.pass(delay);
        expect(await it.wrong()).toBe('wrong');
      }
      const growing = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].map(seconds);
      expect(delays).toEqual([...growing, ...Array.from({ length: 5 }, () => minutes(15))]);
    });

    test('being refused makes nothing longer', async () => {
      const it = await world();
      await failed(5, it);
      for (let n = 0; n < 50; n++) expect(await it.wrong()).toBe(seconds(1));
      it.pass(seconds(1));
      expect(await it.right()).toBe('in');
    });

    test('has five free tries again after a success', async () => {
      const it = await world();
      await failed(4, it);
      expect(await it.right()).toBe('in');
      await failed(5, it);
      expect(await it.wrong()).toBe(seconds(1));
    });

    test('is forgotten after a quiet hour, not 1 ms earlier', async () => {
      const it = await world();
      await failed(5, it);
      it.pass(hours(1) - 1);
      await failed(1, it);
      expect(await it.wrong()).toBe(seconds(2));
      it.pass(hours(1));
      await failed(5, it);
      expect(await it.wrong()).toBe(seconds(1));
    });

    test('is the same account in any spelling', async () => {
      const it = await world();
      for (const name of ['ada', 'Ada', 'ADA', ' ada', '\uff21da']) expect(await it.wrong(name)).toBe('wrong');
      expect(await it.wrong('aDa')).toBe(seconds(1));
    });

    test('does not wait because of strangers elsewhere, or because of other accounts here', async () => {
      const it = await world();
      await failed(5, it, 'ada', away);
      expect(await it.wrong('ada', away)).toBe(seconds(1));
      expect(await it.right('ada', home)).toBe('in');
      expect(await it.right('bob', away)).toBe('in');
      expect(await it.wrong('ada', away)).toBe(seconds(1));
    });

    test('what a failing store throws is passed on and counts as nothing', async () => {
      const it = await world();
      for (let n = 0; n < 10; n++) await expect(it.broken()).rejects.toThrow('the store is down');
      expect(await it.right()).toBe('in');
    });

    test('is remembered over a restart', async () => {
      const it = await world();
      await failed(5, it);
      await it.restart();
      expect(await it.right()).toBe(seconds(1));
    });
  });

  describe('many tries at once', () => {
    const times = <Value>(n: number, work: () => Promise<Value>) => Promise.all(Array.from({ length: n }, work));

    test('twenty wrong ones with one key get exactly five verdicts and fifteen refusals', async () => {
      const it = await world();
      const outcomes = await times(20, () => it.wrong());
      expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(5);
      expect(outcomes.filter((outcome) => outcome === seconds(1))).toHaveLength(15);
      expect(it.verdicts()).toBe(5);
    });

    test('twenty right ones with one key all succeed', async () => {
      const it = await world();
      expect(await times(20, () => it.right())).toEqual(Array.from({ length: 20 }, () => 'in'));
    });

    test('after a wait one of them is looked at, not all', async () => {
      const it = await world();
      await failed(5, it);
      it.pass(seconds(1));
      const outcomes = await times(20, () => it.wrong());
      expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === seconds(2))).toHaveLength(19);
    });

    test('the right one in a crowd of wrong ones is looked at in its turn', async () => {
      const it = await world();
      const outcomes = await Promise.all([
        it.wrong(),
        it.wrong(),
        it.right(),
        ...Array.from({ length: 10 }, () => it.wrong()),
      ]);
      expect(outcomes[2]).toBe('in');
    });

    test('200 wrong ones from one address with as many names get exactly 100 verdicts', async () => {
      const it = await world();
      const outcomes = await Promise.all(Array.from({ length: 200 }, (_value, n) => it.wrong(`name ${n}`)));
      expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(100);
      expect(outcomes.filter((outcome) => outcome === minutes(1))).toHaveLength(100);
    });
  });

  describe('an address', () => {
    test('may fail 100 times a minute, whatever the accounts, and then waits for the rest of the minute', async () => {
      const it = await world();
      for (let n = 0; n < 100; n++) expect(await it.wrong(`name ${n}`)).toBe('wrong');
      it.pass(seconds(20));
      expect(await it.right('ada')).toBe(seconds(40));
      expect(await it.right('ada', away)).toBe('in');
      it.pass(seconds(40) - 1);
      expect(await it.right('ada')).toBe(1);
      it.pass(1);
      expect(await it.right('ada')).toBe('in');
    });

    test('is not cleared by a success, so that an account of one’s own buys no guesses', async () => {
      const it = await world();
      for (let n = 0; n < 100; n++) {
        expect(await it.wrong(`name ${n}`)).toBe('wrong');
        if (n < 99) expect(await it.right('mallory')).toBe('in');
      }
      expect(await it.right('mallory')).toBe(minutes(1));
    });

    test('registering counts its refusals only', async () => {
      const it = await world();
      for (let n = 0; n < 150; n++) expect(await it.right(null)).toBe('in');
      for (let n = 0; n < 100; n++) expect(await it.wrong(null)).toBe('wrong');
      expect(await it.right(null)).toBe(minutes(1));
    });

    test('is the whole /64 network of IPv6, in any spelling, and the address itself of IPv4', async () => {
      const it = await world();
      const one = ['2001:db8:0:1::1', '2001:DB8::1:ffff:0:0:2', '2001:0db8:0000:0001:0:0:0:3'];
      for (const address of one) await failed(1, it, 'ada', address);
      await failed(2, it, 'ada', '2001:db8:0:1:a:b:c:d');
      expect(await it.wrong('ada', '2001:db8:0:1::4')).toBe(seconds(1));
      expect(await it.right('ada', '2001:db8:0:2::1')).toBe('in');

      await failed(5, it, 'bob', '::ffff:192.0.2.9');
      expect(await it.wrong('bob', '192.0.2.9')).toBe(seconds(1));
      expect(await it.right('bob', '192.0.2.8')).toBe('in');
    });
  });

  describe('what is kept', () => {
    test('ASVS 16.2.5 says neither names nor addresses', async () => {
      const it = await world();
      await failed(2, it, 'ada.lovelace@example.org', '203.0.113.77');
      const kept = JSON.stringify(await it.rows());
      expect(await it.rows()).toHaveLength(2);
      for (const secret of ['ada', 'lovelace', 'example', '203.0.113']) expect(kept).not.toContain(secret);
    });

    test('is erased when it has been quiet for an hour', async () => {
      const it = await world();
      await failed(1, it);
      it.pass(hours(1) - 1);
      await it.purge();
      expect(await it.rows()).toHaveLength(2);
      it.pass(1);
      await it.purge();
      expect(await it.rows()).toEqual([]);
    });
  });
});

test('a success with nothing to forget writes nothing', async () => {
  const database = openDatabase(':memory:');
  const throttle = createThrottle(sqliteAttempts(database), { clock: () => 0, pseudonyms: names });
  const changes = database.prepare('select total_changes() as n');
  const before = changes.get();
  expect(await throttle.attempt('ada', home, async () => 'in')).toEqual({ ok: true, value: 'in' });
  expect(changes.get()).toEqual(before);
});

describe('many tries at once on several nodes', () => {
  const world = () => worldIn(inPostgres);

  test('get no more verdicts than on one, and the right one is looked at in its turn', async () => {
    const it = await world();
    const nodes = await Promise.all([it.node(), it.node(), it.node()]);
    const outcomes = await Promise.all(nodes.flatMap((node) => Array.from({ length: 6 }, () => it.wrongOn(node))));
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === seconds(1))).toHaveLength(13);
    it.pass(hours(1));
    const right = await Promise.all(nodes.flatMap((node) => Array.from({ length: 6 }, () => it.rightOn(node))));
    expect(right).toEqual(Array.from({ length: 18 }, () => 'in'));
  });

  test('a try whose node died with it keeps its place for a minute, not for ever', async () => {
    const it = await world();
    const dead = await it.node();
    const never = Array.from(
      { length: 5 },
      () =>
        new Promise<void>(
          (resolve) =>
            void dead.attempt('ada', home, () => {
              resolve();
              return new Promise(() => {});
            }),
        ),
    );
    await Promise.all(never);
    it.pass(minutes(1) - 1);
    let looked = false;
    const waiting = it.right().then((outcome) => {
      looked = true;
      return outcome;
    });
    for (let n = 0; n < 3; n++) await it.rows();
    expect(looked).toBe(false);
    it.pass(1);
    expect(await waiting).toBe('in');
  });
});
