import { createContext } from 'react';

/** Leaves a few words for the sign-in page, for the user who is sent there; they go when a user signs in. */
export const Farewell = createContext<(words: string) => void>(() => {});
