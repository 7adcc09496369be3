import type { ApplicationDescription } from '../operations/describedRoutes.ts';
import { anything, flag, list, object, of, oneOf, text, whole, type Shape } from '../operations/shape.ts';

const conversation = { conversation: of('Conversation') };

const settings = {
  theme: oneOf('system', 'light', 'dark'),
  density: oneOf('comfortable', 'compact'),
  language: text,
  notification: flag,
  sound: flag,
  warnBefore: { type: ['integer', 'null'], minimum: 0 },
} satisfies Record<string, Shape>;

const passkey = { passkey: of('Passkey') };
const credential: Shape = {
  type: 'object',
  description: 'What the authenticator answers, as JSON of WebAuthn Level 3',
};
const challenge = { options: { ...anything, description: 'What the browser asks the authenticator, as JSON' } };

/** What the reference application adds to the routes of Curfew. */
export const applicationDescription: ApplicationDescription = {
  schemas: {
    Conversation: object({ id: text, title: text, createdAt: whole, updatedAt: whole }, []),
    Passkey: object(
      { id: text, name: text, createdAt: whole, lastUsedAt: { type: ['integer', 'null'], minimum: 0 } },
      [],
    ),
    Way: object({ kind: oneOf('password', 'passkey', 'sso'), name: text, url: text }, ['name', 'url']),
    Message: object({ id: text, body: text, createdAt: whole }, []),
    Settings: object(settings, []),
  },
  routes: {
    'GET /api/policy': {
      summary:
        'The policy of new sessions and the longer warnings to choose from, whether people may make their own accounts, and how they can sign in',
      asks: 'anyone',
      answers: { 200: { policy: of('Policy'), longerWarnings: list(whole), canRegister: flag, ways: list(of('Way')) } },
    },
    'GET /api/oidc/start': {
      summary: 'Go to the OpenID provider to sign in, or to resume a session',
      asks: 'anyone',
      query: { returnTo: text, session: text, remember: oneOf('true', 'false'), transport: oneOf('cookie', 'bearer') },
      answers: { 303: null },
      refuses: ['cross_site', 'not_found'],
    },
    'GET /api/oidc/callback': {
      summary: 'Come back from the OpenID provider',
      asks: 'anyone',
      answers: { 303: null },
      refuses: ['not_found'],
    },
    'POST /api/sign-in/oidc': {
      summary: 'Post what the OpenID provider has answered to the page that keeps the token; or go there again',
      asks: 'anyone',
      body: { answer: text },
      answers: { 200: { session: of('Session'), token: text, again: text } },
      refuses: ['invalid_credentials', 'session_mismatch', 'session_limit', 'stale_proof', 'not_found'],
    },
    'POST /api/oidc/back-channel-logout': {
      summary: 'For the OpenID provider: a session there has ended (a form with logout_token)',
      asks: 'anyone',
      answers: { 200: null, 400: { error: text, error_description: text } },
      refuses: ['not_found'],
    },
    'POST /api/sign-in/passkey/options': {
      summary: 'Begin to sign in, or to resume a session, with a passkey',
      asks: 'anyone',
      body: {},
      answers: { 200: challenge },
    },
    'POST /api/sign-in/passkey': {
      summary: 'Sign in, or resume a session, with a passkey',
      asks: 'anyone',
      body: { response: credential, session: text, remember: flag, transport: oneOf('cookie', 'bearer') },
      optional: ['session', 'remember', 'transport'],
      answers: { 200: { session: of('Session'), token: text } },
      refuses: ['invalid_credentials', 'session_mismatch', 'session_limit'],
    },
    'GET /api/passkeys': {
      summary: 'One’s passkeys',
      answers: { 200: { passkeys: list(of('Passkey')) } },
    },
    'POST /api/passkeys/registration/options': {
      summary: 'Begin to make a passkey',
      body: {},
      answers: { 200: challenge },
      refuses: ['reauthentication_required'],
    },
    'POST /api/passkeys': {
      summary: 'Keep a new passkey',
      body: { name: text, response: credential },
      answers: { 201: passkey },
      refuses: ['reauthentication_required', 'invalid_credentials'],
    },
    'DELETE /api/passkeys/:id': {
      summary: 'Remove a passkey',
      answers: { 204: null },
      refuses: ['reauthentication_required', 'not_found'],
    },
    'DELETE /api/account': {
      summary: 'Delete one’s account, by a recent proof in place of a password',
      answers: { 204: null },
      refuses: ['reauthentication_required'],
    },
    'GET /api/conversations': {
      summary: 'One’s conversations',
      answers: { 200: { conversations: list(of('Conversation')) } },
    },
    'POST /api/conversations': {
      summary: 'Begin a conversation',
      body: { title: text },
      answers: { 201: conversation },
    },
    'GET /api/conversations/:id': {
      summary: 'A conversation with its messages',
      answers: { 200: { ...conversation, messages: list(of('Message')) } },
      refuses: ['not_found'],
    },
    'PATCH /api/conversations/:id': {
      summary: 'Rename a conversation',
      body: { title: text },
      answers: { 200: conversation },
      refuses: ['not_found'],
    },
    'DELETE /api/conversations/:id': {
      summary: 'Remove a conversation',
      answers: { 204: null },
      refuses: ['not_found'],
    },
    'POST /api/conversations/:id/messages': {
      summary: 'Write a message',
      body: { body: text },
      answers: { 201: { message: of('Message') } },
      refuses: ['not_found'],
    },
    'GET /api/settings': { summary: 'How it looks and warns', answers: { 200: { settings: of('Settings') } } },
    'PUT /api/settings': {
      summary: 'Choose how it looks, and from the next sign-in on how long before the end it warns',
      body: settings,
      optional: ['language', 'notification', 'sound', 'warnBefore'],
      answers: { 200: { settings: of('Settings') } },
    },
  },
};

/**
 * The description of the reference application.
 *
 * @param canRegister whether people may make their own accounts
 * @param knowsProviders whether an OpenID provider can sign users in; default it can
 */
export const descriptionWith = (canRegister: boolean, knowsProviders = true): ApplicationDescription => {
  const { routes = {}, ...rest } = applicationDescription;
  const own = Object.entries(routes).filter(([name]) => knowsProviders || !name.includes('/oidc'));
  return { ...rest, routes: Object.fromEntries(own), without: canRegister ? [] : ['POST /api/auth/register'] };
};
