import type { ClientFacts } from './clientThrough.ts';
import type { Observation } from './doctorCommand.ts';
import type { StreamFacts } from './firstEvent.ts';
import type { PassedFacts, PublicFacts } from './throughProxy.ts';

type Verdict = Observation['verdict'];

const headersOf = ({ lostHeaders, client: { isSessionIdSent } }: PassedFacts): readonly [Verdict, string] => {
  const lost = [...lostHeaders, ...(isSessionIdSent ? [] : ['Session-Id'])];
  return lost.length === 0
    ? ['ok', 'Session-Status, Cache-Control: no-store and Session-Id come through']
    : ['wrong', `the proxy takes away or changes ${lost.join(' and ')}`];
};

const cookieOf = ({ cookie: { trouble } }: PassedFacts): readonly [Verdict, string] =>
  trouble === null ? ['ok', 'it is handed out and taken, Secure and for this host alone'] : ['wrong', trouble];

const cacheOf = ({ cookie: { isCached } }: PassedFacts): readonly [Verdict, string] =>
  isCached
    ? ['wrong', 'an answer of before was given once more: the proxy keeps what says no-store']
    : ['ok', 'every answer is a new one'];

function streamOf({ came, status }: StreamFacts): readonly [Verdict, string] {
  if (status !== null && status !== 200) return ['wrong', `it is answered with ${status}`];
  if (came === 'at once') return ['ok', 'its first event came while it was open'];
  return [
    'wrong',
    came === 'at the end'
      ? 'nothing came until it was closed: the proxy buffers it, whatever X-Accel-Buffering says'
      : 'nothing came of it, not even when it was closed',
  ];
}

const compressionOf = ({ encoding }: StreamFacts): readonly [Verdict, string] =>
  encoding === null
    ? ['ok', 'the event stream comes as it is']
    : [
        'look at',
        `the event stream is compressed (${encoding}), which can hold events back: leave text/event-stream out`,
      ];

const isLoopback = (address: string): boolean => /^127\.|^::1$/.test(address);

/** On one machine, the address of the client can be that of the proxy. */
const isHidden = ({ seen, here }: ClientFacts): boolean => seen !== 'here' || isLoopback(here);

function clientOf(client: ClientFacts): readonly [Verdict, string] {
  const { here, isHereTrusted, isFromProxy, isProxyShown, seen, isMadeUpBelieved } = client;
  if (isMadeUpBelieved && isHereTrusted)
    return ['look at', `${here} is trusted itself: ask from elsewhere, to see whether X-Forwarded-For is overwritten`];
  if (isMadeUpBelieved)
    return ['wrong', 'clients can say where they come from: have the proxy overwrite X-Forwarded-For'];
  if (isFromProxy !== true && isProxyShown && isHidden(client))
    return ['look at', 'the proxy is not trusted, and stands for all its clients: name it in CURFEW_TRUSTED_PROXIES'];
  if (isFromProxy !== true) return ['ok', 'no X-Forwarded-For is believed'];
  if (seen === 'proxy')
    return ['wrong', 'the proxy is trusted, and sends no X-Forwarded-For: it stands for all its clients'];
  return seen === 'here'
    ? ['ok', 'the proxy is trusted, and says where clients come from']
    : ['look at', `the proxy is trusted, and does not say ${here}: right only where other networks lie between`];
}

/** Says what comes through to a server at its public address, and what does not. */
export function publicFindings(url: string, facts: PublicFacts): readonly Observation[] {
  if ('elsewhere' in facts) return [{ verdict: 'wrong', what: 'address', detail: `${url}: ${facts.elsewhere}` }];
  const { stream, client } = facts;
  const found = {
    address: ['ok', `${url} is answered by this server`],
    headers: headersOf(facts),
    cookie: cookieOf(facts),
    caching: cacheOf(facts),
    'event stream': streamOf(stream),
    compression: compressionOf(stream),
    client: clientOf(client),
  } as const;
  return Object.entries(found).map(([what, [verdict, detail]]) => ({ verdict, what, detail }));
}
