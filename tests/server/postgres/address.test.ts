import { describe, expect, it } from 'vitest';
import { isPostgresAddress, readAddress, shown } from '../../../server/postgres/address.ts';
import { postgres } from '../../../server/postgres/index.ts';

const hostsOf = (address: string) => {
  const read = readAddress(address);
  return typeof read === 'string' ? read : read.hosts;
};
const userAndName = 'postgres://ada:hush@';

describe('the address of a PostgreSQL database', () => {
  it.each([
    'postgres://ada:p%40ss@db.example:5433/curfew?sslmode=require',
    'postgresql://db.example/curfew',
    'postgres://ada@/curfew?host=/var/run/postgresql',
    'postgres://ada@/curfew?host=db.example&port=5433',
    'postgres://db.example/curfew?target_session_attrs=read-write',
  ])('that names one host is connected to as it is: %s', (address) => {
    expect(hostsOf(address)).toEqual([address]);
  });

  it.each([
    [`${userAndName}a:5432,b:5433/curfew`, [`${userAndName}a:5432/curfew?`, `${userAndName}b:5433/curfew?`]],
    [
      `${userAndName}a,[::1]:5433/curfew?sslmode=require`,
      [`${userAndName}a/curfew?sslmode=require`, `${userAndName}[::1]:5433/curfew?sslmode=require`],
    ],
    ['postgres://a,b', ['postgres://a/?', 'postgres://b/?']],
    [
      `${userAndName}/curfew?host=a,b&port=5432,5433`,
      [`${userAndName}/curfew?host=a&port=5432`, `${userAndName}/curfew?host=b&port=5433`],
    ],
    [
      'postgres:///curfew?host=a,b&port=5433&user=ada',
      ['postgres:///curfew?host=a&port=5433&user=ada', 'postgres:///curfew?host=b&port=5433&user=ada'],
    ],
    [
      `${userAndName}elsewhere/curfew?host=a,/run/pg`,
      [`${userAndName}/curfew?host=a`, `${userAndName}/curfew?host=%2Frun%2Fpg`],
    ],
  ])('that names several is one for each, in their order: %s', (address, hosts) => {
    expect(hostsOf(address)).toEqual(hosts);
    expect(isPostgresAddress(address)).toBe(true);
  });

  it.each([
    'postgres://ada@/curfew',
    'postgres://a,,b/curfew',
    'postgres://a,b:x/curfew',
    'postgres://a,b:70000/curfew',
    'postgres://a,b/curfew?port=1,2,3',
    'postgres://a/curfew?port=1,2',
    'postgres://ada@/curfew?host=a,&port=1',
    'postgres://ada@/curfew?host=a,b&port=70000',
    'mysql://a,b/curfew',
  ])('that is none is told from one: %s', (address) => {
    expect(hostsOf(address)).toBe('an address such as postgres://user:password@host:port/name');
    expect(() => postgres(address)).toThrow(
      'postgres(…) takes an address such as postgres://user:password@host:port/name',
    );
  });

  it.each(['any', 'read-write', 'primary'])('may want a server that is %s', (attributes) => {
    expect(readAddress(`postgres://a,b/curfew?target_session_attrs=${attributes}`)).toMatchObject({ attributes });
    expect(readAddress(`postgres://a/curfew?target_session_attrs=${attributes}`)).toMatchObject({ attributes });
  });

  it.each(['standby', 'read-only', 'prefer-standby'])(
    'cannot want one that is %s: nothing can be written there',
    (value) => {
      expect(() => postgres(`postgres://a,b/curfew?target_session_attrs=${value}`)).toThrow(
        `postgres(…) takes an address whose target_session_attrs is any, read-write or primary, and is ${value}, or`,
      );
    },
  );

  it('is shown without what may be a secret, wherever it was misplaced', () => {
    expect(readAddress('postgres://a/x?target_session_attrs=any;password=hush')).not.toContain('hush');
    expect(shown(`${userAndName}a:5432,b:5433/curfew?password=hush`)).toBe('postgres://ada@a:5432,b:5433/curfew');
    expect(shown('postgres://ada:hush@/curfew?host=a,/run/pg&port=5433')).toBe('postgres://ada@a:5433,socket/curfew');
    expect(shown('postgres://a,b/curfew')).toBe('postgres://a,b/curfew');
    expect(shown(`${userAndName}a:5432/curfew?password=hush`)).toBe('postgres://ada@a:5432/curfew');
  });
});
