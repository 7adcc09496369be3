import { useCallback, useEffect, useRef, useState } from 'react';
import type { Policy } from '../../machines/index.ts';
import { useCurfew, type RequestOptions } from '../index.ts';

export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: number;
}

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly createdAt: number;
}

export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
}

type Guard<Value> = (body: unknown) => body is Value;

const has = (body: unknown, name: string): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null && name in body;

export const isConversations = (body: unknown): body is { conversations: readonly Conversation[] } =>
  has(body, 'conversations') && Array.isArray(body['conversations']);
export const isConversation = (body: unknown): body is { conversation: Conversation } => has(body, 'conversation');
export const isThread = (body: unknown): body is { conversation: Conversation; messages: readonly Message[] } =>
  has(body, 'conversation') && has(body, 'messages');
export const isMessage = (body: unknown): body is { message: Message } => has(body, 'message');
export const isSettings = (body: unknown): body is { settings: Settings } => has(body, 'settings');
export const isPolicy = (body: unknown): body is { policy: Policy } => has(body, 'policy');
export const isNothing = (body: unknown): body is null => body === null;

/** Calls the application's API. */
export function useApi() {
  const { fetch } = useCurfew();
  return useCallback(
    async <Value>(path: string, is: Guard<Value>, method = 'GET', json?: object): Promise<Value> => {
      const init: RequestOptions = {
        method,
        ...(method === 'GET' ? { activity: 'background' } : { activity: 'user' }),
        ...(json && { body: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } }),
      };
      const response = await fetch(path, init);
      const body: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
      if (!response.ok || !is(body)) throw new Error(`${method} ${path}: ${response.status}`);
      return body;
    },
    [fetch],
  );
}

/** Something that is loaded: `undefined` until it is there. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly isFailed: boolean;
  readonly reload: () => void;
  readonly set: (value: Value) => void;
}

/** Loads something when its path changes; the last answer counts. */
export function useLoaded<Value>(path: string, is: Guard<Value>): Loaded<Value> {
  const api = useApi();
  const [value, setValue] = useState<Value>();
  const [isFailed, setFailed] = useState(false);
  const latest = useRef(0);
  const reload = useCallback(() => {
    latest.current += 1;
    const mine = latest.current;
    api(path, is).then(
      (body) => {
        if (mine !== latest.current) return;
        setValue(body);
        setFailed(false);
      },
      () => mine === latest.current && setFailed(true),
    );
  }, [api, path, is]);
  useEffect(() => {
    reload();
    return () => {
      latest.current += 1;
    };
  }, [reload]);
  return { value, isFailed, reload, set: setValue };
}
