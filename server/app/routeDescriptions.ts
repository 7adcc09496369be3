import type { ApplicationDescription } from '../operations/openapi.ts';
import { flag, list, object, of, oneOf, text, whole } from '../operations/shape.ts';

const conversation = { conversation: of('Conversation') };

const settings = {
  theme: oneOf('system', 'light', 'dark'),
  density: oneOf('comfortable', 'compact'),
  language: text,
};

/** What the reference application adds to the routes of Curfew. */
export const applicationDescription: ApplicationDescription = {
  schemas: { Conversation: object({ id: text, title: text, createdAt: whole, updatedAt: whole }, []) },
  routes: {
    'GET /api/policy': {
      summary: 'The policy of new sessions, and whether people may make their own accounts',
      asks: 'anyone',
      answers: { 200: { policy: of('Policy'), canRegister: flag } },
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
      answers: { 200: { ...conversation, messages: list({ type: 'object' }) } },
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
      answers: { 201: { message: { type: 'object' } } },
      refuses: ['not_found'],
    },
    'GET /api/settings': { summary: 'How it looks', answers: { 200: { settings: { type: 'object' } } } },
    'PUT /api/settings': {
      summary: 'Choose how it looks',
      body: settings,
      optional: ['language'],
      answers: { 200: { settings: { type: 'object' } } },
    },
  },
};
