import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';
import { json } from './json.ts';

/**
 * Stands for a name or an address where neither may be stored: the same value for the same input, which cannot be found
 * out from it.
 */
export interface Pseudonyms {
  account(username: string): string;
  /** One for the whole /64 of an IPv6 address: that is what one subscriber has. */
  address(address: string): string;
  /** One for an account as it is tried from one address. */
  pair(username: string, address: string): string;
}

/** Every kind of refusal. */
export const kinds = [
  'login_failed',
  'login_throttled',
  'reauthentication_failed',
  'reauthentication_throttled',
  'registration_refused',
  'registration_throttled',
  'token_refused',
  'session_mismatch',
  'cross_site_refused',
  'access_denied',
  'logout_refused',
  'hand_over_refused',
] as const;

/** The kind of an attempt that was refused. @see ASVS 5.0 16.3.1–16.3.3 */
export type SecurityEventKind = (typeof kinds)[number];

/** Something that failed or was refused. Names and addresses are kept as pseudonyms only. */
export interface SecurityEvent {
  readonly at: Instant;
  readonly kind: SecurityEventKind;
  /** The name that was tried. */
  readonly account?: string;
  /** The id of the user who is concerned, where it is known. */
  readonly user?: string;
  readonly address?: string;
  /** Never a secret, never anything that a user typed. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** A log of its own for what failed: it belongs to no session. */
export interface SecurityLog {
  record(event: SecurityEvent): Promise<void>;
  /** What happened after an instant, oldest first, as it is kept: with pseudonyms. */
  since(at: Instant, limit: number): Promise<readonly SecurityEvent[]>;
  /** Erases what is older than an instant. */
  purge(before: Instant): Promise<void>;
}

/** A row of `security_log`. */
export const eventRow = z
  .object({
    at: z.number(),
    kind: z.enum(kinds),
    account: z.string().nullable(),
    user: z.string().nullable(),
    address: z.string().nullable(),
    detail: json(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  })
  .transform(({ account, user, address, ...event }): SecurityEvent => ({
    ...event,
    ...(account === null ? {} : { account }),
    ...(user === null ? {} : { user }),
    ...(address === null ? {} : { address }),
  }));
