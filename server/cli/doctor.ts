import { statSync } from 'node:fs';
import { sessionCookie } from '../http/cookie.ts';
import { secretFileOf } from '../node/secret.ts';
import { shown } from '../postgres/address.ts';
import type { DatabasePlace } from '../store/adapter.ts';
import { StoreUnavailable, UnusableDatabase } from '../store/unavailable.ts';
import type { DatabaseFacts } from '../store/databaseFacts.ts';
import { systemClock } from '../systemClock.ts';
import { diagnose, lineOf, readDoctorArguments, type Observation, type SecretFacts } from './doctorCommand.ts';
import { beginDoctorSession } from './doctorSession.ts';
import { publicFindings } from './publicFindings.ts';
import { print, Refusal, runCommand } from './refuse.ts';
import { existing, sourceOf, type Source } from './source.ts';
import { askThrough } from './throughProxy.ts';

async function factsOf(place: DatabasePlace): Promise<{ facts: DatabaseFacts; knownSchema: number }> {
  if (place.kind === 'sqlite') {
    const [{ sqliteFacts }, { migrations }] = [await import('../sqlite/facts.ts'), await import('../sqlite/schema.ts')];
    return { facts: sqliteFacts(place.path), knownSchema: migrations.length };
  }
  const [{ postgresFacts }, { migrations }] = [
    await import('../postgres/facts.ts'),
    await import('../postgres/schema.ts'),
  ];
  return { facts: await postgresFacts(place.address, systemClock), knownSchema: migrations.length };
}

async function secretFactsOf({ readSecret, config }: Source, place: DatabasePlace): Promise<SecretFacts> {
  const isThere = (await readSecret()) !== null;
  const beside = place.kind === 'sqlite' && config?.secret === null ? secretFileOf(place.path) : null;
  const path = config?.secretFile ?? beside;
  const file = path === null ? undefined : statSync(path, { throwIfNoEntry: false });
  return {
    path,
    isThere,
    writtenAt: file?.mtimeMs ?? null,
    isOpenToOthers: file !== undefined && (file.mode & 0o077) !== 0,
  };
}

/** To open an older database would change it. */
const notAsked: Observation = {
  verdict: 'look at',
  what: 'address',
  detail: 'not asked: no server of this version runs on a database of another schema',
};

/** Asks the running server through its public address. */
async function ofPublicAddress({ options, readSecret }: Source, url: URL): Promise<readonly Observation[]> {
  const secret = await readSecret();
  if (secret === null) throw new Refusal('there is no secret yet: start the server first');
  const { basePath, cookieName, developmentCookie, trustedProxies, store, clock } = options;
  const opened = await store.open({ clock });
  try {
    const session = await beginDoctorSession(opened, secret, options);
    const at = (path: string) => new URL(`${url.href.replace(/\/$/, '')}${basePath}/auth/${path}`);
    const cookie = sessionCookie(cookieName, developmentCookie);
    const server = { url, session, cookieName: cookie, trustedProxies, at };
    return publicFindings(url.href, await askThrough(server));
  } finally {
    await opened.close();
  }
}

await runCommand(async () => {
  const { source, rest } = await sourceOf(process.argv.slice(2), process.env);
  const url = readDoctorArguments(rest);
  const place = existing(source);
  const database = place.kind === 'sqlite' ? place.path : shown(place.address);
  let found: readonly Observation[];
  try {
    const [{ facts, knownSchema }, secret] = [await factsOf(place), await secretFactsOf(source, place)];
    const { trustedProxies } = source.options;
    found = diagnose({ database, knownSchema, facts, secret, trustedProxies, now: systemClock() });
    if (url) found = [...found, ...(facts.schema === knownSchema ? await ofPublicAddress(source, url) : [notAsked])];
  } catch (error) {
    if (!(error instanceof UnusableDatabase || error instanceof StoreUnavailable)) throw error;
    found = [{ verdict: 'wrong', what: 'database', detail: error.message }];
  }
  print(found.map(lineOf));
  return found.some(({ verdict }) => verdict === 'wrong') ? 1 : 0;
});
