import type { ReactNode } from 'react';
import { useCurfew } from '../../react/index.ts';

/** What is searched for: a user by name or id, and a state; empty is all of them. */
export interface Search {
  readonly user: string;
  readonly state: string;
}

const states = {
  '': 'In any state',
  active: 'Signed in',
  expiring: 'About to be signed out',
  lapsed: 'Locked',
  ended: 'Over',
} as const;

interface SearchFormProps {
  readonly search: Search;
  readonly onSearch: (search: Search) => void;
}

const textIn = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
};

/** Finds the sessions of a user. */
export function SearchForm({ search, onSearch }: SearchFormProps): ReactNode {
  const { sent } = useCurfew();
  return (
    <form
      // What was searched for by other means is in the fields, too.
      key={`${search.user} ${search.state}`}
      role="search"
      className="app-search"
      onSubmit={(event) => {
        event.preventDefault();
        sent(event.currentTarget);
        const form = new FormData(event.currentTarget);
        onSearch({ user: textIn(form, 'user'), state: textIn(form, 'state') });
      }}
    >
      <label className="curfew-field">
        User
        <input name="user" type="search" defaultValue={search.user} autoCapitalize="none" spellCheck={false} />
      </label>
      <label className="curfew-field">
        State
        <select name="state" defaultValue={search.state}>
          {Object.entries(states).map(([state, name]) => (
            <option key={state} value={state}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="curfew-button">
        Search
      </button>
    </form>
  );
}
