import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { createAttestations } from '../keys/attestations.ts';
import { runAudit, needsSecret, readArguments } from './auditCommand.ts';
import { readConfig } from '../node/config.ts';
import { readSecret } from '../node/secret.ts';
import { openTrail } from '../node/store.ts';

function refuse(line: string): never {
  process.stderr.write(`curfew: ${line}\n`);
  process.exit(2);
}

const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });

const linesTo =
  (stream: Writable) =>
  async (line: string): Promise<void> => {
    if (!stream.write(`${line}\n`)) await once(stream, 'drain');
  };

async function run(): Promise<0 | 1> {
  const asked = readArguments(process.argv.slice(2));
  const read = readConfig(process.env);
  if (!read.ok) return refuse(read.line);
  const { database, previousSecrets, secret } = read.config;
  // An audit must not create a new database in the place of one that is missing.
  if (database.kind === 'sqlite' && !existsSync(database.path)) return refuse(`there is no database ${database.path}`);
  const present = secret ?? (database.kind === 'sqlite' ? readSecret(database.path) : null);
  if (present === null && needsSecret(asked))
    return refuse('there is no secret beside the database: set CURFEW_SECRET');
  const { auditReader, close } = await openTrail(database);
  try {
    const kept = asked.keys === undefined ? [] : jwks.parse(JSON.parse(readFileSync(asked.keys, 'utf8'))).keys;
    // Where none is needed, one of the moment signs nothing, and has signed nothing.
    const signing = present ?? randomBytes(32).toString('base64url');
    const attestations = await createAttestations(signing, previousSecrets, kept);
    const file = asked.out === undefined ? null : createWriteStream(asked.out, { flags: 'wx' });
    const out = linesTo(file ?? process.stdout);
    const code = await runAudit({ auditReader, attestations, clock: () => Date.now(), out }, asked);
    file?.end();
    if (file) await finished(file);
    return code;
  } finally {
    await close();
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error));
}
