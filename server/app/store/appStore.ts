import { z } from 'zod';
import type { Duration, Instant } from '../../../machines/index.ts';
import { json } from '../../store/json.ts';
import type { Ceremonies, Identities, Passkeys } from './signIn.ts';

/** A conversation as it is listed. */
export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly createdAt: Instant;
  /** When it was last renamed or written in. */
  readonly updatedAt: Instant;
}

/** One message of a conversation. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly createdAt: Instant;
}

/** How the reference application looks to a user. */
export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  /** Of the warning and the locked screen. */
  readonly language: 'en' | 'de';
  /** Whether a notification warns the user while the tab is hidden, where the browser lets it. */
  readonly notification: boolean;
  /** Whether a short sound does. */
  readonly sound: boolean;
  /** How long before the end the user is warned, in ms; `null` as the policy says. */
  readonly warnBefore: Duration | null;
}

/** What a user has who has chosen nothing. */
export const defaultSettings: Settings = {
  theme: 'system',
  density: 'comfortable',
  language: 'en',
  notification: false,
  sound: false,
  warnBefore: null,
};

/** What users do in the reference application. Everything belongs to one of them; another's is as if it were not there. */
export interface Work {
  /** Last changed first. */
  conversations(user: string): Promise<readonly Conversation[]>;
  /** A conversation with its messages, oldest first. */
  conversation(user: string, id: string): Promise<(Conversation & { readonly messages: readonly Message[] }) | null>;
  /** @returns `null` when there is no such user: nothing is written for a user after their deletion. */
  create(user: string, conversation: Pick<Conversation, 'id' | 'title'>, at: Instant): Promise<Conversation | null>;
  /** @returns `null` when there is no such conversation. */
  rename(user: string, id: string, title: string, at: Instant): Promise<Conversation | null>;
  /** @returns whether there was one. */
  remove(user: string, id: string): Promise<boolean>;
  /** @returns `null` when there is no such conversation. */
  write(
    user: string,
    conversation: string,
    message: Pick<Message, 'id' | 'body'>,
    at: Instant,
  ): Promise<Message | null>;
  settings(user: string): Promise<Settings>;
  /** @returns `false` when there is no such user. */
  saveSettings(user: string, settings: Settings): Promise<boolean>;
}

/** The reference application's own data. */
export interface AppStore extends Work {
  readonly identities: Identities;
  readonly passkeys: Passkeys;
  readonly ceremonies: Ceremonies;
  /** Whether a user has a password here; those whom a provider signs in have none. */
  hasPassword(user: string): Promise<boolean>;
  /** Deletes everything that belongs to a user. Takes part in the transaction that it is called in. */
  deleteUserData(user: string): void | Promise<void>;
}

/** A row of `conversations`. */
export const conversationRow = z
  .object({ id: z.string(), title: z.string(), created_at: z.number(), updated_at: z.number() })
  .transform((row): Conversation => ({
    id: row.id,
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));

/** A row of `messages`. */
export const messageRow = z
  .object({ id: z.string(), body: z.string(), created_at: z.number() })
  .transform((row): Message => ({ id: row.id, body: row.body, createdAt: row.created_at }));

/** A row of `settings`. */
export const settingsRow = z.object({
  settings: json(
    z.object({
      theme: z.enum(['system', 'light', 'dark']),
      density: z.enum(['comfortable', 'compact']),
      // What was stored before there was a choice says nothing of it.
      language: z.enum(['en', 'de']).default('en'),
      notification: z.boolean().default(false),
      sound: z.boolean().default(false),
      warnBefore: z.number().nullable().default(null),
    }),
  ),
});
