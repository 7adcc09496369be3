import { useCallback, useState } from 'react';
import { useApi } from '../api.ts';
import { useLoading, type Loaded } from '../loaded.ts';
import { isFound, type Found, type FoundSession } from '../shapes.ts';
import type { Search } from './SearchForm.tsx';

const pathOf = ({ user, state }: Search, after: string | undefined): string => {
  const wanted = { limit: '100', ...(user && { user }), ...(state && { state }), ...(after && { after }) };
  return `/api/admin/sessions?${new URLSearchParams(wanted).toString()}`;
};

/** What is found, a page more each time that is asked for. */
export interface FoundSessions extends Loaded<Found> {
  readonly more: () => void;
}

/** What a search finds; all the pages that were asked for are looked at again, for any of them may have changed. */
export function useFound(search: Search): FoundSessions {
  const api = useApi();
  const [asked, setAsked] = useState({ search, pages: 1 });
  const pages = asked.search === search ? asked.pages : 1;
  const load = useCallback(async () => {
    const sessions: FoundSession[] = [];
    let next: string | undefined;
    for (let page = 0; page < pages; page += 1) {
      const outcome = await api(pathOf(search, next), isFound);
      if (!outcome.ok) return outcome;
      sessions.push(...outcome.value.sessions);
      next = outcome.value.next;
      if (next === undefined) break;
    }
    return { ok: true as const, value: { sessions, ...(next !== undefined && { next }) } };
  }, [api, search, pages]);
  return { ...useLoading<Found>(load), more: () => setAsked({ search, pages: pages + 1 }) };
}
