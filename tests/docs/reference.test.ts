import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exportsOf } from '../support/declarations.ts';

const page = readFileSync('docs/reference.md', 'utf8');
const sectionOf = (name: string) => page.split(`\n### ${name}\n`)[1]?.split(/\n##+ /)[0] ?? '';

describe('the reference', () => {
  it('says something of every name', () => {
    expect(page.match(/^.*\| – \|$/gm)).toBeNull();
  });

  it('prints the type after a name', () => {
    expect(page).toContain('| `nearestDeadline(view: Pick<SessionView,');
    expect(sectionOf('NodeBridge')).toContain('| `sessionOf: (request: IncomingMessage) => ActiveSession \\| null` |');
    expect(sectionOf('Drafts')).toContain('| `write: (key: string, value: string) => void` |');
  });

  it('lists what an interface inherits, wholly or in part', () => {
    expect(sectionOf('PopupOptions')).toContain('| `returnTo?: string` |');
    expect(sectionOf('Tab')).toContain('| `extend: () => void` |');
    expect(sectionOf('PolicyOption')).toContain('| `idleTimeout?: Duration` |');
    expect(sectionOf('FinishOptions')).toContain('| `baseUrl?: string` |');
    expect(sectionOf('FinishOptions')).not.toContain('| `passkey?');
    expect(sectionOf('OwnAccounts')).not.toContain('confirmPassword');
  });

  it('lists the members of an interface once', () => {
    const headings = page.match(/^### .*$/gm) ?? [];
    expect(headings).toContain('### TabState');
    expect(headings.filter((heading) => heading === '### TabState')).toHaveLength(1);
  });
});

describe('what is read of a file', () => {
  it('is each name once', () => {
    const names = exportsOf('web/client/index.ts').map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
