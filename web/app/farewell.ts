import { createContext } from 'react';

/** Leaves a few words for the sign-in page, for whoever is sent there; they go when somebody signs in. */
export const Farewell = createContext<(words: string) => void>(() => {});
