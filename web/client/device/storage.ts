type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Storage that lasts as long as the page. */
function memoryStorage(): Kept {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/**
 * The browser's storage, or memory where it denies all use of it, as where cookies are blocked or in a frame of another
 * site.
 */
export function storageOr(get: () => Storage): Kept & { readonly isMemory: boolean } {
  try {
    const storage = get();
    return {
      isMemory: false,
      getItem: (key) => storage.getItem(key),
      setItem: (key, value) => storage.setItem(key, value),
      removeItem: (key) => storage.removeItem(key),
    };
  } catch {
    return { isMemory: true, ...memoryStorage() };
  }
}

/** Of this browser. */
export const localStore = () => storageOr(() => localStorage);

/** Of this tab. */
export const sessionStore = () => storageOr(() => sessionStorage);
