import { BlockList, isIPv6 } from 'node:net';
import { days, seconds, type Instant } from '../../machines/index.ts';
import type { DatabaseFacts } from '../store/databaseFacts.ts';
import { Refusal } from './refuse.ts';

const usage = 'curfew doctor [--url ADDRESS]';

/**
 * Reads the arguments.
 *
 * @returns the public address of the server, `null` where none is given
 * @throws Refusal in one line that says what is wrong
 */
export function readDoctorArguments(args: readonly string[]): URL | null {
  if (args.length === 0) return null;
  const [first = '', second] = args;
  const given = first.startsWith('--url=') ? first.slice('--url='.length) : first === '--url' ? second : undefined;
  if (given === undefined || args.length > (first === '--url' ? 2 : 1)) throw new Refusal(usage);
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new Refusal(`--url ${JSON.stringify(given)} is no address such as https://app.example.com`);
  return url;
}

/** What was looked at, and what was found. */
export interface Observation {
  readonly verdict: 'ok' | 'look at' | 'wrong';
  /** In a word or two. */
  readonly what: string;
  readonly detail: string;
}

/** What is known of the secret: the file that it is kept in, if it is kept in one. */
export interface SecretFacts {
  readonly path: string | null;
  /** When the file was written. */
  readonly writtenAt: Instant | null;
  /** Whether other users of the machine may read the file. */
  readonly isOpenToOthers: boolean;
  /** Whether there is a secret at all. */
  readonly isThere: boolean;
}

/** What the doctor is told. */
export interface Symptoms {
  /** How the database is named where people read. */
  readonly database: string;
  /** The version of the schema that this version of Curfew knows. */
  readonly knownSchema: number;
  readonly facts: DatabaseFacts;
  readonly secret: SecretFacts;
  readonly trustedProxies: readonly string[];
  readonly now: Instant;
}

const largestLog = 64 * 1024 * 1024;
const oldestSecret = days(365);
const longestSilence = days(30);

const timeOf = (at: Instant): string => new Date(at).toISOString();

function ofSchema({ facts, knownSchema }: Symptoms): Observation {
  const { schema } = facts;
  const detail = `version ${schema}`;
  if (schema === knownSchema) return { verdict: 'ok', what: 'schema', detail };
  return schema < knownSchema
    ? { verdict: 'look at', what: 'schema', detail: `${detail}: the next start brings it to ${knownSchema}` }
    : { verdict: 'wrong', what: 'schema', detail: `${detail}: this version of Curfew knows ${knownSchema} at most` };
}

function ofLog({ facts: { log } }: Symptoms): readonly Observation[] {
  if (log === null) return [];
  const detail = `${log} bytes`;
  return log > largestLog
    ? [
        {
          verdict: 'look at',
          what: 'write-ahead log',
          detail: `${detail}: a program that reads the database for long keeps it from being moved into the file`,
        },
      ]
    : [{ verdict: 'ok', what: 'write-ahead log', detail }];
}

function ofClock({ facts, now }: Symptoms): Observation {
  const { newest, clockTrouble } = facts;
  if (clockTrouble !== null) return { verdict: 'wrong', what: 'clock', detail: clockTrouble };
  const shown = timeOf(now);
  if (newest === null) return { verdict: 'ok', what: 'clock', detail: shown };
  if (now < newest - seconds(1))
    return {
      verdict: 'wrong',
      what: 'clock',
      detail: `${shown} is before the newest entry, of ${timeOf(newest)}: was the clock put back, or ahead then?`,
    };
  return now > newest + longestSilence
    ? {
        verdict: 'look at',
        what: 'clock',
        detail: `${shown} is long after the newest entry, of ${timeOf(newest)}: is it right? Nothing is purged for a day after a start`,
      }
    : { verdict: 'ok', what: 'clock', detail: `${shown}, the newest entry is of ${timeOf(newest)}` };
}

function ofSecret({ secret, now }: Symptoms): Observation {
  const { path, writtenAt, isOpenToOthers, isThere } = secret;
  const what = 'secret';
  if (!isThere) return { verdict: 'look at', what, detail: 'there is none yet: the first start makes one' };
  if (path === null || writtenAt === null)
    return { verdict: 'ok', what, detail: 'given, so that its age is not known' };
  if (isOpenToOthers)
    return { verdict: 'look at', what, detail: `${path} can be read by other users of this machine: chmod 600` };
  const age = `${path} is ${Math.max(0, Math.floor((now - writtenAt) / days(1)))} days old`;
  return now - writtenAt > oldestSecret
    ? { verdict: 'look at', what, detail: `${age}: rotate it with CURFEW_PREVIOUS_SECRETS` }
    : { verdict: 'ok', what, detail: age };
}

const ofListen = ({ facts: { isHeard } }: Symptoms): readonly Observation[] =>
  isHeard === null
    ? []
    : isHeard
      ? [{ verdict: 'ok', what: 'LISTEN', detail: 'what one connection announces is heard on another' }]
      : [
          {
            verdict: 'wrong',
            what: 'LISTEN',
            detail: 'what one connection announces is not heard on another: a pooler between needs session pooling',
          },
        ];

const here = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['127.0.0.0', 8],
] as const)
  here.addSubnet(network, bits);
here.addAddress('::1', 'ipv6');
here.addSubnet('fc00::', 7, 'ipv6');

const isFromHere = (address: string): boolean => here.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** From so many sign-ins on, one address of this network for all of them is a proxy's. */
const enough = 5;

function ofProxies({ facts: { addresses }, trustedProxies }: Symptoms): Observation {
  const what = 'proxies';
  const everybody = trustedProxies.find((each) => each.endsWith('/0'));
  if (everybody !== undefined)
    return { verdict: 'wrong', what, detail: `${everybody} lets every client say where it comes from` };
  const [only, ...others] = new Set(addresses);
  if (only !== undefined && others.length === 0 && addresses.length >= enough && isFromHere(only))
    return {
      verdict: 'look at',
      what,
      detail: `the last ${addresses.length} sign-ins all come from ${only}: is that a proxy? Then name it as trusted`,
    };
  return {
    verdict: 'ok',
    what,
    detail: trustedProxies.length === 0 ? 'none is trusted' : `trusted: ${trustedProxies.join(', ')}`,
  };
}

/** Says what is well and what is not. */
export const diagnose = (symptoms: Symptoms): readonly Observation[] => [
  { verdict: 'ok', what: 'database', detail: `${symptoms.database} can be read and written` },
  ofSchema(symptoms),
  ...ofLog(symptoms),
  ofClock(symptoms),
  ofSecret(symptoms),
  ...ofListen(symptoms),
  ofProxies(symptoms),
];

/** An observation as a line. */
export const lineOf = ({ verdict, what, detail }: Observation): string =>
  `${verdict.padEnd(8)} ${what.padEnd(16)} ${detail}`;
