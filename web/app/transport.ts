import { createContext } from 'react';

/** How the credential of this tab travels. */
export const Transport = createContext<'cookie' | 'bearer'>('cookie');
