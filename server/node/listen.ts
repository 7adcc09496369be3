import { serve, type ServerType } from '@hono/node-server';
import type { Hono } from 'hono';
import { minutes, seconds, type Duration } from '../../machines/index.ts';

/** How long a client may take, so that nobody holds a connection by being slow. In ms. */
export interface Timeouts {
  /** Until the head of a request is there. Default 15 s. */
  readonly head: Duration;
  /** Until the whole request is there: room for the largest body on a slow line. Default 2 min. */
  readonly request: Duration;
  /** How often is looked. Default 5 s. */
  readonly check: Duration;
}

const standardPatience: Timeouts = { head: seconds(15), request: minutes(2), check: seconds(5) };

/** Where and how to listen. */
export interface Listening {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  readonly patience?: Timeouts;
}

/**
 * Listens for requests, and answers 408 to a client that sends too slowly.
 *
 * @param ready called with the port once it listens
 */
export function listen(
  fetch: Hono['fetch'],
  { port, host, patience = standardPatience }: Listening,
  ready: (port: number) => void,
): ServerType {
  const serverOptions = {
    headersTimeout: patience.head,
    requestTimeout: patience.request,
    connectionsCheckingInterval: patience.check,
  };
  return serve({ fetch, port, hostname: host, serverOptions }, (address) => ready(address.port));
}
