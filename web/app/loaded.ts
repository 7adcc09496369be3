import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi, type Outcome, type Trouble } from './api.ts';
import type { Guard } from './shapes.ts';

/** Something that is loaded: `undefined` until it is there. What was there stays when a later load fails. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly trouble: Trouble | null;
  readonly reload: () => void;
  readonly set: (value: Value) => void;
}

/** Loads something when how to load it changes; the last answer counts. */
export function useLoading<Value>(load: () => Promise<Outcome<Value>>): Loaded<Value> {
  const [value, setValue] = useState<Value>();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const latest = useRef(0);
  const reload = useCallback(() => {
    latest.current += 1;
    const mine = latest.current;
    void load().then((outcome) => {
      if (mine !== latest.current) return;
      if (outcome.ok) setValue(outcome.value);
      setTrouble(outcome.ok ? null : outcome.trouble);
    });
  }, [load]);
  useEffect(() => {
    reload();
    return () => {
      latest.current += 1;
    };
  }, [reload]);
  // What is set is newer than whatever is still on its way.
  const set = useCallback((next: Value) => {
    latest.current += 1;
    setValue(next);
    setTrouble(null);
  }, []);
  return { value, trouble, reload, set };
}

/** Loads something when its path changes. */
export function useLoaded<Value>(path: string, is: Guard<Value>): Loaded<Value> {
  const api = useApi();
  return useLoading(useCallback(() => api(path, is), [api, path, is]));
}
