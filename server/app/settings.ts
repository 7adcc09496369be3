import { Hono } from 'hono';
import { z } from 'zod';
import type { Policy } from '../../machines/index.ts';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import type { SessionEnv } from '../http/requireSession.ts';
import { accountDeleted } from './accountDeleted.ts';
import { allowedWarning, longerWarnings } from './longerWarning.ts';
import type { Work } from './store/appStore.ts';

const settingsUnder = (policy: Policy) =>
  z.strictObject({
    theme: z.enum(['system', 'light', 'dark']),
    density: z.enum(['comfortable', 'compact']),
    language: z.enum(['en', 'de']).default('en'),
    notification: z.boolean().default(false),
    sound: z.boolean().default(false),
    warnBefore: z
      .number()
      .refine((chosen) => longerWarnings(policy).includes(chosen))
      .nullable()
      .default(null),
  });

/** How the reference application looks to one user, and how it warns them. @param policy that of the application */
export const settingsRoutes = (store: Pick<Work, 'settings' | 'saveSettings'>, policy: Policy) =>
  new Hono<SessionEnv>()
    .get('/', async (c) => {
      const settings = await store.settings(c.get('session').user);
      return c.json({ settings: { ...settings, warnBefore: allowedWarning(policy, settings.warnBefore) } }, 200);
    })
    .put('/', limitBody(), body(settingsUnder(policy)), async (c) => {
      const wanted = c.req.valid('json');
      const isSaved = await store.saveSettings(c.get('session').user, wanted);
      return isSaved ? c.json({ settings: wanted }, 200) : accountDeleted(c);
    });
