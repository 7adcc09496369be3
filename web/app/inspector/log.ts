import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi, type Trouble } from '../api.ts';
import { isLogPage, type LogEntry } from '../shapes.ts';

/** A session's log as far as it has been loaded. */
export interface Log {
  readonly entries: readonly LogEntry[];
  readonly trouble: Trouble | null;
  readonly retry: () => void;
}

/**
 * Loads a session's log, and what has been added to it whenever its version grows; 0 is a version not known.
 *
 * @param path where the log is
 */
export function useLog(path: string, version: number): Log {
  const api = useApi();
  const held = useRef<readonly LogEntry[]>([]);
  const latest = useRef(0);
  const [entries, setEntries] = useState<readonly LogEntry[]>([]);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const load = useCallback(async () => {
    latest.current += 1;
    const mine = latest.current;
    for (;;) {
      const outcome = await api(`${path}?after=${held.current.length}`, isLogPage);
      if (mine !== latest.current) return;
      setTrouble(outcome.ok ? null : outcome.trouble);
      if (!outcome.ok) return;
      held.current = [...held.current, ...outcome.value.events];
      setEntries(held.current);
      if (outcome.value.next === undefined) return;
    }
  }, [api, path]);
  useEffect(() => {
    if (version === 0 || held.current.length < version) void load();
    return () => {
      latest.current += 1;
    };
  }, [load, version]);
  return { entries, trouble, retry: () => void load() };
}
