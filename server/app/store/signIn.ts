import { z } from 'zod';
import type { Instant } from '../../../machines/index.ts';
import { json } from '../../store/json.ts';

/** Who a user is at an OpenID provider. A subject means nothing without its issuer. @see OpenID Connect Core 1.0 §5.7 */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** The users that OpenID providers sign in. They have no password here. */
export interface Identities {
  /**
   * The user that a provider speaks of.
   *
   * @param newUser the id of the user that is made when the provider speaks of this one for the first time
   * @returns the user's id
   */
  userOf(identity: Identity, newUser: string, at: Instant): Promise<string>;
  /** The user that a provider speaks of, `null` when it has never signed them in. */
  find(identity: Identity): Promise<string | null>;
  of(user: string): Promise<readonly Identity[]>;
}

/** A passkey as it is kept. */
export interface Passkey {
  /** The credential's id, base64url. */
  readonly id: string;
  readonly user: string;
  /** As the user called it. */
  readonly name: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** How often the authenticator says it was used; 0 for ever where it does not count. */
  readonly counter: number;
  /** How the browser may reach the authenticator, such as `internal` or `usb`. */
  readonly transports: readonly string[];
  /** Whether the key cannot leave the one device that made it. */
  readonly isBoundToDevice: boolean;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
}

/** The passkeys of users. */
export interface Passkeys {
  /** @returns `false` when there is no such user, or when the passkey is known already. */
  add(passkey: Passkey): Promise<boolean>;
  find(id: string): Promise<Passkey | null>;
  /** Oldest first. */
  of(user: string): Promise<readonly Passkey[]>;
  /**
   * Records a use.
   *
   * @returns `false` when the counter does not go on from what is kept: there are two of the key, or this is a replay.
   * @see WebAuthn Level 3 §7.2, step 22
   */
  used(id: string, counter: number, at: Instant): Promise<boolean>;
  /** @returns whether the user had it. */
  remove(user: string, id: string): Promise<boolean>;
}

/** The same where each user has a place of their own: it is told with what is asked. */
export interface PlacedPasskeys extends Pick<Passkeys, 'add' | 'of' | 'remove'> {
  /** @param handle what the authenticator knows the user by */
  find(id: string, handle: string): ReturnType<Passkeys['find']>;
  used(id: string, counter: number, at: Instant, user: string): ReturnType<Passkeys['used']>;
}

/** What is under way between an answer of ours and the one request that comes back with it. */
export interface Ceremonies {
  /** Keeps something until it is taken, or until `expiresAt`. */
  begin(key: string, data: string, expiresAt: Instant, now: Instant): Promise<void>;
  /** Takes it, once. @returns `null` when it was never begun, was taken already, or has expired */
  take(key: string, now: Instant): Promise<string | null>;
}

/** A row of `identities`. */
export const identityRow = z.object({ issuer: z.string(), subject: z.string() });

/** The user's id in a row of `identities`. */
export const identifiedRow = z.object({ user_id: z.string() }).transform(({ user_id }) => user_id);

/** What is kept in a row of `ceremonies`. */
export const ceremonyRow = z.object({ data: z.string() }).transform(({ data }) => data);

/** A row of `passkeys`. */
export const passkeyRow = z
  .object({
    id: z.string(),
    user_id: z.string(),
    name: z.string(),
    public_key: z.string(),
    counter: z.number(),
    transports: json(z.array(z.string())),
    is_bound: z.union([z.number(), z.boolean()]),
    created_at: z.number(),
    last_used_at: z.number().nullable(),
  })
  .transform((row): Passkey => ({
    id: row.id,
    user: row.user_id,
    name: row.name,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports,
    isBoundToDevice: Boolean(row.is_bound),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }));
