import type { Database } from '../../sqlite/database.ts';
import {
  conversationRow,
  defaultSettings,
  messageRow,
  settingsRow,
  type AppStore,
  type Conversation,
} from './appStore.ts';
import { migrateSqlite } from './sqliteSchema.ts';
import { isUser, sqliteSignIn } from './sqliteSignIn.ts';

function prepare(database: Database) {
  const columns = 'select id, title, created_at, updated_at from conversations where user = ?';
  return {
    list: database.prepare(`${columns} order by updated_at desc, id`),
    one: database.prepare(`${columns} and id = ?`),
    create: database.prepare(`
      insert into conversations (user, id, title, created_at, updated_at) select ?1, ?2, ?3, ?4, ?4 where ${isUser}`),
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
    deleteConversations: database.prepare('delete from conversations where user = ?'),
    deleteSettings: database.prepare('delete from settings where user = ?'),
    deleteIdentities: database.prepare('delete from identities where user = ?'),
    deletePasskeys: database.prepare('delete from passkeys where user = ?'),
    settings: database.prepare('select settings from settings where user = ?'),
    saveSettings: database.prepare(`
      insert into settings (user, settings) select ?1, ?2 where ${isUser}
      on conflict (user) do update set settings = excluded.settings`),
  };
}

/**
 * Keeps the reference application's data in SQLite, in tables of its own beside those of the library.
 *
 * @throws UnusableDatabase when a newer version of the application has written them
 */
export function sqliteAppStore(database: Database): AppStore {
  migrateSqlite(database);
  const statements = prepare(database);

  function find(user: string, id: string): Conversation | null {
    const row = statements.one.get(user, id);
    return row ? conversationRow.parse(row) : null;
  }

  return {
    ...sqliteSignIn(database),
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
    deleteUserData(user) {
      statements.deleteConversations.run(user);
      statements.deleteSettings.run(user);
      statements.deleteIdentities.run(user);
      statements.deletePasskeys.run(user);
    },
  };
}
