import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { describedRoutes, type ApplicationDescription } from './describedRoutes.ts';
import { openApi } from './openapi.ts';
import type { RouteDescription } from './routeDescriptions.ts';

const callers = {
  anyone: 'anybody',
  credential: 'a credential, whatever became of its session',
  session: 'a live session',
  administrator: 'an administrator who has just proved who they are',
} as const;

const names = (members: Readonly<Record<string, unknown>> = {}, optional: readonly string[] = []) =>
  Object.keys(members)
    .map((name) => (optional.includes(name) ? `${name}?` : name))
    .join(', ');

const shown = (answer: RouteDescription['answers'][number] | undefined) =>
  typeof answer === 'string' ? answer : answer ? names(answer) : '';

const row = ([name, { summary, asks = 'session', query, body, optional, answers, refuses = [] }]: [
  string,
  RouteDescription,
]) => html`
  <tr>
    <th scope="row"><code>${name}</code></th>
    <td>${summary}</td>
    <td>${callers[asks]}</td>
    <td>${body ? names(body, optional) : query ? `?${names(query)}` : ''}</td>
    <td>${Object.entries(answers).map(([status, answer]) => html`<p>${status} ${shown(answer)}</p>`)}</td>
    <td>${refuses.join(', ')}</td>
  </tr>
`;

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; padding: 1.5rem; max-width: 80rem; }
main { overflow-x: auto; }
h1 { font-family: Georgia, serif; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.5rem 0.75rem; text-align: start; vertical-align: top; border-block-end: 1px solid #8886; }
th[scope='row'] { font-weight: 600; min-width: 12rem; overflow-wrap: anywhere; }
td p { margin: 0; }
`;

const page = (own: ApplicationDescription) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Curfew: the routes</title>
        ${raw(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
          <h1>The routes</h1>
          <p>
            The same for programs: <a href="/openapi.json">openapi.json</a>. Instants are epoch ms. Every refusal is a
            problem of RFC 9457 with a stable code.
          </p>
          <table>
            <thead>
              <tr>
                ${['Call', 'What', 'Who', 'Takes', 'Answers', 'Refuses'].map((head) => html`<th scope="col">${head}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${Object.entries(describedRoutes(own)).map(row)}
            </tbody>
          </table>
        </main>
      </body>
    </html>`;

const headers = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cache-Control': 'no-cache',
} as const;

/**
 * The description of all routes: `/openapi.json` for programs, `/docs` for people, a page without a script.
 *
 * @param own what the application adds, and how it has Curfew's; default nothing, and as they are by default
 */
export const docsRoutes = (own: ApplicationDescription = {}) =>
  new Hono()
    .get('/openapi.json', (c) => c.json(openApi(own), 200, { 'Cache-Control': 'no-cache' }))
    .get('/docs', (c) => c.html(page(own), 200, headers));
