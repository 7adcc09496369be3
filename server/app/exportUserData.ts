import type { ExportUserData } from '../session/applicationData.ts';
import { timestampOf } from '../session/userExport.ts';
import type { AppStore } from './store/appStore.ts';

/** What the export reads. */
export type ExportedStore = Pick<AppStore, 'conversations' | 'conversation' | 'settings' | 'passkeys' | 'identities'>;

async function conversationsOf(store: ExportedStore, user: string, signal: AbortSignal) {
  const conversations = [];
  for (const { id } of await store.conversations(user)) {
    signal.throwIfAborted();
    const found = await store.conversation(user, id);
    if (!found) continue;
    conversations.push({
      title: found.title,
      createdAt: timestampOf(found.createdAt),
      messages: found.messages.map(({ body, createdAt }) => ({ body, createdAt: timestampOf(createdAt) })),
    });
  }
  return conversations;
}

/** What the reference application keeps of a user: conversations, settings, and what they sign in with besides a password. */
export const exportUserData =
  (store: ExportedStore): ExportUserData =>
  async (user, { signal }) => {
    const passkeys = await store.passkeys.of(user);
    return {
      settings: await store.settings(user),
      conversations: await conversationsOf(store, user, signal),
      passkeys: passkeys.map(({ name, createdAt, lastUsedAt }) => ({
        name,
        createdAt: timestampOf(createdAt),
        lastUsedAt: lastUsedAt === null ? null : timestampOf(lastUsedAt),
      })),
      identities: await store.identities.of(user),
    };
  };
