import { useSyncExternalStore, type ReactNode } from 'react';
import { CurfewProvider, english } from '../react/index.ts';
import { german } from './german.ts';
import { lookNow, onLook } from './look.ts';
import { Transport } from './transport.ts';
import { byPasskey, hasPasskeysHere } from './ways/passkey.ts';
import { againByProvider } from './ways/singleSignOn.ts';

const languages = { en: english, de: german };

interface ProvidedProps {
  readonly transport: 'cookie' | 'bearer';
  readonly children: ReactNode;
}

/** One tab for everything below, whose warnings speak the language that was chosen. */
export function Provided({ transport, children }: ProvidedProps): ReactNode {
  const { language } = useSyncExternalStore(onLook, lookNow);
  return (
    <Transport value={transport}>
      <CurfewProvider
        transport={transport}
        messages={languages[language]}
        {...(hasPasskeysHere() && { passkey: () => byPasskey(transport) })}
        sso={againByProvider(transport)}
      >
        {children}
      </CurfewProvider>
    </Transport>
  );
}
