import type { Database } from '../../sqlite/database.ts';
import {
  ceremonyRow,
  identifiedRow,
  identityRow,
  passkeyRow,
  type Ceremonies,
  type Identities,
  type Passkeys,
} from './signIn.ts';

/** Whether there is such a user, who has a password or is signed in by a provider. */
export const isUser = `(exists (select 1 from users where id = ?1) or exists (select 1 from identities where user = ?1))`;

/** Who users are at OpenID providers, in SQLite. */
function sqliteIdentities(database: Database): Identities {
  const find = database.prepare('select user as user_id from identities where issuer = ? and subject = ?');
  const add = database.prepare(`
    insert into identities (issuer, subject, user, created_at) values (?, ?, ?, ?) on conflict do nothing`);
  const of = database.prepare('select issuer, subject from identities where user = ? order by created_at');
  return {
    async userOf({ issuer, subject }, newUser, at) {
      add.run(issuer, subject, newUser, at);
      return identifiedRow.parse(find.get(issuer, subject));
    },
    async find({ issuer, subject }) {
      const row = find.get(issuer, subject);
      return row ? identifiedRow.parse(row) : null;
    },
    async of(user) {
      return of.all(user).map((row) => identityRow.parse(row));
    },
  };
}

/** Passkeys in SQLite. */
function sqlitePasskeys(database: Database): Passkeys {
  const columns = `select id, user as user_id, name, public_key, counter, transports, is_bound, created_at, last_used_at
    from passkeys`;
  const add = database.prepare(`
    insert into passkeys (id, user, name, public_key, counter, transports, is_bound, created_at, last_used_at)
    select ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9 where ${isUser} on conflict do nothing`);
  const find = database.prepare(`${columns} where id = ?`);
  const of = database.prepare(`${columns} where user = ? order by created_at, id`);
  const used = database.prepare(`
    update passkeys set counter = ?2, last_used_at = ?3 where id = ?1 and (counter < ?2 or (counter = 0 and ?2 = 0))`);
  const remove = database.prepare('delete from passkeys where user = ? and id = ?');
  return {
    async add({ id, user, name, publicKey, counter, transports, isBoundToDevice, createdAt, lastUsedAt }) {
      const known = [name, publicKey, counter, JSON.stringify(transports), isBoundToDevice ? 1 : 0] as const;
      return add.run(user, id, ...known, createdAt, lastUsedAt) > 0;
    },
    async find(id) {
      const row = find.get(id);
      return row ? passkeyRow.parse(row) : null;
    },
    async of(user) {
      return of.all(user).map((row) => passkeyRow.parse(row));
    },
    async used(id, counter, at) {
      return used.run(id, counter, at) > 0;
    },
    async remove(user, id) {
      return remove.run(user, id) > 0;
    },
  };
}

/** What is under way, in SQLite. */
function sqliteCeremonies(database: Database): Ceremonies {
  const purge = database.prepare('delete from ceremonies where expires_at <= ?');
  const begin = database.prepare('insert into ceremonies (key, data, expires_at) values (?, ?, ?)');
  const take = database.prepare('delete from ceremonies where key = ? and expires_at > ? returning data');
  return {
    async begin(key, data, expiresAt, now) {
      database.transaction(() => {
        purge.run(now);
        begin.run(key, data, expiresAt);
      });
    },
    async take(key, now) {
      const row = database.transaction(() => take.get(key, now));
      return row ? ceremonyRow.parse(row) : null;
    },
  };
}

/** What sign-in by other things than a password is kept in, in SQLite. */
export function sqliteSignIn(database: Database) {
  const withPassword = database.prepare('select 1 from users where id = ?');
  return {
    identities: sqliteIdentities(database),
    passkeys: sqlitePasskeys(database),
    ceremonies: sqliteCeremonies(database),
    hasPassword: async (user: string) => withPassword.get(user) !== undefined,
  };
}
