import { Client, DatabaseError, type ClientBase, type ClientConfig } from 'pg';
import { readAddress, type SessionAttributes } from './address.ts';

/**
 * The hosts that may have a database. They are tried in their order, and around again, from the last that was good: where
 * one is gone, not every connection has to wait for it.
 */
export interface Hosts {
  readonly count: number;
  /** The address by which to connect: at first that of the first host. */
  readonly present: () => string;
  /** Takes the next host where it is this one's fault that there is no connection. @returns whether another is to be tried */
  readonly failed: (address: string, error: unknown) => boolean;
  /** @returns rejects when the server of a new connection is not as the address wants it */
  readonly check: (client: ClientBase) => Promise<void>;
}

/** A server that can be reached and is not what is looked for. */
class UnfitServer extends Error {
  override readonly name = 'UnfitServer';
}

/** What finds a row where a server does not fit, and why it does not. */
const unfit: Readonly<Record<Exclude<SessionAttributes, 'any'>, readonly [sql: string, why: string]>> = {
  'read-write': [`select where current_setting('transaction_read_only')::boolean`, 'the server is read-only'],
  primary: ['select where pg_is_in_recovery()', 'the server is a standby'],
};

/** Who refuses us on one host refuses us on the others; a server that starts or stops is no answer. */
const isOfHost = (error: unknown): boolean =>
  !(error instanceof DatabaseError) || error.code?.startsWith('57') === true;

/** @throws TypeError when it is no address */
export function hostsAt(address: string): Hosts {
  const read = readAddress(address);
  if (typeof read === 'string') throw new TypeError(`a PostgreSQL database needs ${read}`);
  const { hosts, attributes } = read;
  let at = 0;
  const present = () => hosts[at] ?? address;
  return {
    count: hosts.length,
    present,
    failed(host, error) {
      // Others may have found out before.
      if (isOfHost(error) && present() === host) at = (at + 1) % hosts.length;
      return present() !== host;
    },
    async check(client) {
      if (attributes === 'any') return;
      const [sql, why] = unfit[attributes];
      const { rows } = await client.query<object>(sql);
      if (rows.length > 0) throw new UnfitServer(why);
    },
  };
}

/**
 * Connects to the first host that will have it.
 *
 * @param prepare is called with each client before it connects
 * @returns the client; rejects with why there is none, of several hosts with an `AggregateError`
 */
export async function connectClient(
  hosts: Hosts,
  config: ClientConfig,
  prepare: (client: Client) => void = () => {},
): Promise<Client> {
  const errors: unknown[] = [];
  for (;;) {
    const address = hosts.present();
    const client = new Client({ ...config, connectionString: address });
    // Whatever is under way fails with the same error.
    client.on('error', () => {});
    prepare(client);
    try {
      await client.connect();
      await hosts.check(client);
      return client;
    } catch (error) {
      client.end().catch(() => {});
      errors.push(error);
      if (hosts.failed(address, error) && errors.length < hosts.count) continue;
      throw errors.length === 1 ? error : new AggregateError(errors, 'no host can be used', { cause: error });
    }
  }
}
