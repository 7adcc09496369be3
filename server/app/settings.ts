import { Hono } from 'hono';
import { z } from 'zod';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import type { SessionEnv } from '../http/requireSession.ts';
import { accountDeleted } from './accountDeleted.ts';
import type { AppStore } from './store/appStore.ts';

const settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
  language: z.enum(['en', 'de']).default('en'),
  notification: z.boolean().default(false),
  sound: z.boolean().default(false),
});

/** How the reference application looks to one user. */
export const settingsRoutes = (store: AppStore) =>
  new Hono<SessionEnv>()
    .get('/', async (c) => c.json({ settings: await store.settings(c.get('session').user) }, 200))
    .put('/', limitBody(), body(settings), async (c) => {
      const wanted = c.req.valid('json');
      const isSaved = await store.saveSettings(c.get('session').user, wanted);
      return isSaved ? c.json({ settings: wanted }, 200) : accountDeleted(c);
    });
