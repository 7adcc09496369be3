import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';
import type { Along } from '../log/eventLog.ts';
import type { Database } from '../sqlite/database.ts';
import { json } from '../json.ts';

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
}

/** What a user has who has chosen nothing. */
export const defaultSettings: Settings = { theme: 'system', density: 'comfortable', language: 'en' };

/** The reference application's own data. Everything belongs to one user; another's is as if it were not there. */
export interface AppStore {
  /** Last changed first. */
  conversations(user: string): Promise<readonly Conversation[]>;
  /** A conversation with its messages, oldest first. */
  conversation(user: string, id: string): Promise<(Conversation & { readonly messages: readonly Message[] }) | null>;
  /** @returns `null` when there is no such user: whoever has deleted their account leaves nothing that comes later. */
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
  /** Ready to erase everything that belongs to a user. */
  erasing(user: string): Along;
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
    }),
  ),
});

function prepare(database: Database) {
  const columns = 'select id, title, created_at, updated_at from conversations where user = ?';
  return {
    list: database.prepare(`${columns} order by updated_at desc, id`),
    one: database.prepare(`${columns} and id = ?`),
    create: database.prepare(`
      insert into conversations (user, id, title, created_at, updated_at) select id, ?2, ?3, ?4, ?4 from users where id = ?1`),
    rename: database.prepare('update conversations set title = ?, updated_at = ? where user = ? and id = ?'),
    touch: database.prepare('update conversations set updated_at = ? where user = ? and id = ?'),
    remove: database.prepare('delete from conversations where user = ? and id = ?'),
    messages: database.prepare(
      'select id, body, created_at from messages where user = ? and conversation = ? order by number',
    ),
    write: database.prepare(`
      insert into messages (user, conversation, number, id, body, created_at)
      select ?1, ?2, coalesce(max(number), 0) + 1, ?3, ?4, ?5 from messages where user = ?1 and conversation = ?2`),
    // Their messages go with them.
    eraseConversations: database.prepare('delete from conversations where user = ?'),
    eraseSettings: database.prepare('delete from settings where user = ?'),
    settings: database.prepare('select settings from settings where user = ?'),
    saveSettings: database.prepare(`
      insert into settings (user, settings) select id, ?2 from users where id = ?1
      on conflict (user) do update set settings = excluded.settings`),
  };
}

/** Keeps the reference application's data in SQLite. */
export function sqliteAppStore(database: Database): AppStore {
  const statements = prepare(database);

  function find(user: string, id: string): Conversation | null {
    const row = statements.one.get(user, id);
    return row ? conversationRow.parse(row) : null;
  }

  return {
    async conversations(user) {
      return statements.list.all(user).map((row) => conversationRow.parse(row));
    },
    async conversation(user, id) {
      const conversation = find(user, id);
      if (!conversation) return null;
      return { ...conversation, messages: statements.messages.all(user, id).map((row) => messageRow.parse(row)) };
    },
    async create(user, { id, title }, at) {
      const isMade = statements.create.run(user, id, title, at) > 0;
      return isMade ? { id, title, createdAt: at, updatedAt: at } : null;
    },
    async rename(user, id, title, at) {
      statements.rename.run(title, at, user, id);
      return find(user, id);
    },
    async remove(user, id) {
      return statements.remove.run(user, id) > 0;
    },
    async write(user, conversation, { id, body }, at) {
      return database.transaction(() => {
        if (statements.touch.run(at, user, conversation) === 0) return null;
        statements.write.run(user, conversation, id, body, at);
        return { id, body, createdAt: at };
      });
    },
    async settings(user) {
      const row = statements.settings.get(user);
      return row ? settingsRow.parse(row).settings : defaultSettings;
    },
    async saveSettings(user, settings) {
      return statements.saveSettings.run(user, JSON.stringify(settings)) > 0;
    },
    erasing: (user) => () => {
      statements.eraseConversations.run(user);
      statements.eraseSettings.run(user);
    },
  };
}
