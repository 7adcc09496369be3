import { resolve } from 'node:path';
import { print, Refusal, runCommand } from './refuse.ts';
import { existing, sourceOf } from './source.ts';

await runCommand(async () => {
  const { source, rest } = await sourceOf(process.argv.slice(2), process.env);
  const [file, ...more] = rest;
  if (file === undefined || file.startsWith('--') || more.length > 0) throw new Refusal('curfew backup FILE');
  const place = existing(source);
  if (place.kind === 'postgres')
    throw new Refusal('a PostgreSQL database is backed up with pg_dump, which takes it as it is at one moment');
  const { backupDatabase } = await import('../sqlite/backup.ts');
  const size = await backupDatabase(place.path, resolve(file));
  print([`${file} is whole: ${size} bytes; keep the secret with it, but apart`]);
  return 0;
});
