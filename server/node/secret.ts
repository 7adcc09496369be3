import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where the secret of a SQLite database is kept when none is given. */
export const secretFileOf = (database: string): string => `${database.replace(/\.db$/, '')}.secret`;

/** The secret that is kept beside the database, `null` when there is none. */
export function readSecret(database: string): string | null {
  try {
    return readFileSync(secretFileOf(database), 'utf8').trim();
  } catch {
    return null;
  }
}

/**
 * The secret that is kept beside the database, made on the first run. Written whole under another name and then linked,
 * so that of several starts at once exactly one makes it, and the others read it.
 */
export function loadOrCreateSecret(database: string): string {
  const found = readSecret(database);
  if (found !== null) return found;
  const path = secretFileOf(database);
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (readSecret(database) === null) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readSecret(database) ?? '';
}
