/** What a server has to be for a connection to stay with it. */
export type SessionAttributes = 'any' | 'read-write' | 'primary';

/** An address as it is connected to. */
export interface ReadAddress {
  /** One address for each host, in the order in which they are tried. */
  readonly hosts: readonly string[];
  readonly attributes: SessionAttributes;
}

const addressParts = /^(postgres(?:ql)?:\/\/)((?:[^/?#]*@)?)([^/?#@]*)([^?#]*)(?:\?([^#]*))?$/;

/**
 * An address whose host is among the parameters may leave its own place empty, which no URL may:
 * `postgres://user@/name?host=/var/run/postgresql`. It gets a host to be read with.
 */
const readable = (address: string): string =>
  /[?&]host=[^&]/.test(address) ? address.replace(/^(postgres(?:ql)?:\/\/(?:[^/?#@]*@)?)(?=\/)/, '$1socket') : address;

const isReadable = (address: string): boolean => /^postgres(ql)?:\/\//.test(address) && URL.canParse(readable(address));

const isPort = (text: string): boolean => text === '' || (/^\d{1,5}$/.test(text) && Number(text) < 65_536);

const isAttributes = (text: string): text is SessionAttributes => /^(any|read-write|primary)$/.test(text);

/** What is among the parameters of an address stands in no other place; a list of ports has one for each host, or for all. */
function hostsOf(address: string): readonly string[] | null {
  const [, scheme = '', user = '', authority = '', path = '', query = ''] = addressParts.exec(address) ?? [];
  const parameters = new URLSearchParams(query);
  const named = parameters.get('host');
  const [hosts, ports] = [(named || authority).split(','), (parameters.get('port') ?? '').split(',')];
  if (hosts.length === 1 && ports.length === 1) return isReadable(address) ? [address] : null;
  if (ports.length > 1 && ports.length !== hosts.length) return null;
  const addresses = hosts.map((host, at) => {
    const own = new URLSearchParams(parameters);
    const port = ports[at] ?? ports[0] ?? '';
    if (named) own.set('host', host);
    if (port === '') own.delete('port');
    else own.set('port', port);
    return `${scheme}${user}${named ? '' : host}${path || '/'}?${own.toString()}`;
  });
  return hosts.every(Boolean) && ports.every(isPort) && addresses.every(isReadable) ? addresses : null;
}

/**
 * Reads the address of a database: `postgres://user:password@host:port/name`. Of several hosts, as in `a:5432,b:5433` or
 * `?host=a,b&port=5432,5433`, the first is taken that can be reached and is as `target_session_attrs` says: `any`, which is
 * the default, `read-write` or `primary`.
 *
 * @returns what it says, or in one line what it would have to be
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
export function readAddress(address: string): ReadAddress | string {
  const attributes = new URLSearchParams(addressParts.exec(address)?.[5]).get('target_session_attrs') ?? 'any';
  if (!isAttributes(attributes)) {
    // What is no word may be anything, a password that was misplaced among others.
    const value = /^[a-z-]{1,20}$/.test(attributes) ? `, and is ${attributes}` : '';
    return `an address whose target_session_attrs is any, read-write or primary${value}`;
  }
  const hosts = hostsOf(address);
  return hosts ? { hosts, attributes } : 'an address such as postgres://user:password@host:port/name';
}

/** What connections of this version call themselves: a trigger of the schema knows by it who takes part. @see nodes.ts */
export const ownName = 'curfew:1';

/** An address without what its connections are to call themselves. */
export const withoutName = (address: string): string =>
  address.replaceAll(/([?&])application_name=[^&#]*(&?)/g, (_, before: string, after: string) => (after ? before : ''));

/** Whether a text names a PostgreSQL database that could be connected to. */
export const isPostgresAddress = (text: string): boolean => typeof readAddress(text) !== 'string';

/** How a host is named where people read: a folder with a socket has no name of its own. */
function hostIn(address: string): string {
  const { host, searchParams } = new URL(readable(address));
  const [named, port] = [searchParams.get('host'), searchParams.get('port')];
  if (named?.startsWith('/')) return 'socket';
  const name = named ?? host;
  return port ? `${name.replace(/:\d+$/, '')}:${port}` : name;
}

/** How a database is named where people read: without its password, and without parameters, which may hold one. */
export function shown(address: string): string {
  const hosts = hostsOf(address) ?? [];
  if (hosts.length > 1) {
    const [, scheme = '', user = '', , path = ''] = addressParts.exec(address) ?? [];
    return `${scheme}${user.replace(/:.*@$/, '@')}${hosts.map(hostIn).join(',')}${path}`;
  }
  const url = new URL(readable(address));
  url.password = '';
  url.search = '';
  return url.href;
}
