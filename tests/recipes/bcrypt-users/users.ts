import { DatabaseSync } from 'node:sqlite';
import { compare, hashSync, truncates } from 'bcryptjs';
import { passwords } from 'curfew/server';

/** A table as it was before Curfew came, with more in it than any browser may see. */
const database = new DatabaseSync(process.env['USERS'] ?? 'users.db');
database.exec(`create table if not exists users (
  id integer primary key autoincrement,
  email text not null unique collate nocase,
  password_hash text not null,
  totp_secret text not null,
  role text
)`);

const rounds = 10;

/** Adds a user, unless there is one of that address. */
export function addUser(email: string, password: string, role: string | null): void {
  database
    .prepare('insert or ignore into users (email, password_hash, totp_secret, role) values (?, ?, ?, ?)')
    .run(email, hashSync(password, rounds), 'JBSWY3DPEHPK3PXP', role);
}

interface Row {
  readonly id: number;
  readonly email: string;
  readonly password_hash: string;
  readonly totp_secret: string;
  readonly role: string | null;
}

const byEmail = database.prepare('select * from users where email = ?');
const byId = database.prepare('select * from users where id = ?');

/** The row as Curfew reads it: `id`, `username` and `role` are taken, and nothing else of it leaves the server. */
function personOf(row: unknown) {
  if (!row) return null;
  const { id, email, role, ...rest } = row as Row;
  return { ...rest, id: String(id), username: email, ...(role && { role }) };
}

/** What a password is compared with where there is no such user: it costs the same, and nothing matches it. */
const nobody = hashSync(crypto.randomUUID(), rounds);

export const accounts = passwords({
  find: async (email) => personOf(byEmail.get(email)),
  byId: async (id) => personOf(byId.get(id)),
  async verify(id, password) {
    const row = id === null ? undefined : (byId.get(id) as Row | undefined);
    const isRight = await compare(password, row?.password_hash ?? nobody);
    // bcrypt reads 72 bytes: a longer password would match everything that begins like it.
    return isRight && row !== undefined && !truncates(password);
  },
});

/** The id of a user, `null` when there is none of that address. */
export const idOf = (email: string): string | null => personOf(byEmail.get(email))?.id ?? null;

/** Changes a password, as after a link that was sent by e-mail. */
export const setPassword = (id: string, password: string): void =>
  void database.prepare('update users set password_hash = ? where id = ?').run(hashSync(password, rounds), id);
