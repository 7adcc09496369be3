import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { createAttestations } from '../keys/attestations.ts';
import { runAudit, needsSecret, readArguments } from './auditCommand.ts';
import { openTrail } from '../node/store.ts';
import { systemClock } from '../systemClock.ts';
import { Refusal, runCommand } from './refuse.ts';
import { existing, sourceOf } from './source.ts';

const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });

const linesTo =
  (stream: Writable) =>
  async (line: string): Promise<void> => {
    if (!stream.write(`${line}\n`)) await once(stream, 'drain');
  };

await runCommand(async () => {
  const { source, rest } = await sourceOf(process.argv.slice(2), process.env);
  const asked = readArguments(rest);
  const place = existing(source);
  const present = await source.readSecret();
  if (present === null && needsSecret(asked))
    throw new Refusal('there is no secret beside the database: set CURFEW_SECRET');
  const { auditReader, close } = await openTrail(place);
  try {
    const kept = asked.keys === undefined ? [] : jwks.parse(JSON.parse(readFileSync(asked.keys, 'utf8'))).keys;
    // Where none is needed, one of the moment signs nothing, and has signed nothing.
    const signing = present ?? randomBytes(32).toString('base64url');
    const attestations = await createAttestations(signing, source.options.previousSecrets, kept);
    const file = asked.out === undefined ? null : createWriteStream(asked.out, { flags: 'wx' });
    const out = linesTo(file ?? process.stdout);
    const code = await runAudit({ auditReader, attestations, clock: systemClock, out }, asked);
    file?.end();
    if (file) await finished(file);
    return code;
  } finally {
    await close();
  }
});
