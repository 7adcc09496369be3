import type { Instant } from '../../../machines/index.ts';
import type { PostgresDatabase, Query } from '../../postgres/connection.ts';
import {
  conversationRow,
  defaultSettings,
  messageRow,
  settingsRow,
  type AppStore,
  type Conversation,
  type Message,
} from './appStore.ts';
import { migratePostgres } from './postgresSchema.ts';
import { deleteSignInData, isUser, postgresSignIn } from './postgresSignIn.ts';

const columns = 'id, title, created_at, updated_at';

async function write(
  query: Query,
  user: string,
  conversation: string,
  { id, body }: Pick<Message, 'id' | 'body'>,
  at: Instant,
): Promise<Message | null> {
  // Locks the conversation, so that no other message takes the same number.
  const touched = await query('update conversations set updated_at = $3 where user_id = $1 and id = $2', [
    user,
    conversation,
    at,
  ]);
  if (touched.count === 0) return null;
  await query(
    `insert into messages (user_id, conversation, number, id, body, created_at)
     select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5 from messages
     where user_id = $1 and conversation = $2`,
    [user, conversation, id, body, at],
  );
  return { id, body, createdAt: at };
}

/**
 * Keeps the reference application's data in PostgreSQL, in tables of its own beside those of the library.
 *
 * @returns rejects with `UnusableDatabase` when a newer version of the application has written them
 */
export async function postgresAppStore(database: PostgresDatabase): Promise<AppStore> {
  const { query, transaction } = database;
  await migratePostgres(database);

  async function find(user: string, id: string): Promise<Conversation | null> {
    const { rows } = await query(`select ${columns} from conversations where user_id = $1 and id = $2`, [user, id]);
    return rows[0] ? conversationRow.parse(rows[0]) : null;
  }

  return {
    ...postgresSignIn(database),
    async conversations(user) {
      const { rows } = await query(
        `select ${columns} from conversations where user_id = $1 order by updated_at desc, id`,
        [user],
      );
      return rows.map((row) => conversationRow.parse(row));
    },
    async conversation(user, id) {
      const conversation = await find(user, id);
      if (!conversation) return null;
      const { rows } = await query(
        'select id, body, created_at from messages where user_id = $1 and conversation = $2 order by number',
        [user, id],
      );
      return { ...conversation, messages: rows.map((row) => messageRow.parse(row)) };
    },
    async create(user, { id, title }, at) {
      const { count } = await query(
        `insert into conversations (user_id, id, title, created_at, updated_at) select $1, $2, $3, $4, $4 where ${isUser}`,
        [user, id, title, at],
      );
      return count > 0 ? { id, title, createdAt: at, updatedAt: at } : null;
    },
    async rename(user, id, title, at) {
      const { rows } = await query(
        `update conversations set title = $3, updated_at = $4 where user_id = $1 and id = $2 returning ${columns}`,
        [user, id, title, at],
      );
      return rows[0] ? conversationRow.parse(rows[0]) : null;
    },
    async remove(user, id) {
      const { count } = await query('delete from conversations where user_id = $1 and id = $2', [user, id]);
      return count > 0;
    },
    write: (user, conversation, message, at) => transaction((within) => write(within, user, conversation, message, at)),
    async settings(user) {
      const { rows } = await query('select settings from settings where user_id = $1', [user]);
      return rows[0] ? settingsRow.parse(rows[0]).settings : defaultSettings;
    },
    async saveSettings(user, settings) {
      const { count } = await query(
        `insert into settings (user_id, settings) select $1, $2 where ${isUser}
         on conflict (user_id) do update set settings = excluded.settings`,
        [user, JSON.stringify(settings)],
      );
      return count > 0;
    },
    async deleteUserData(user) {
      // Their messages go with them.
      await query('delete from conversations where user_id = $1', [user]);
      await query('delete from settings where user_id = $1', [user]);
      await deleteSignInData(database, user);
    },
  };
}
