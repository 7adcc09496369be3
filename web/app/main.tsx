import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/curfew.css';
import './styles/app.css';
import { Application } from './Application.tsx';
import { InspectSwitch } from './InspectSwitch.tsx';
import { keepShell } from './installed.ts';
import { recallLook } from './look.ts';
import { Provided } from './Provided.tsx';
import { keep, recall } from './ownStorage.ts';
import { receiverIn } from './receiver.ts';

const key = 'curfew.transport';

/** `?transport=bearer` shows the other way to carry a credential; it lasts as long as the tab. */
function transportOf(search: string): 'cookie' | 'bearer' {
  const asked = new URLSearchParams(search).get('transport') ?? recall(key);
  keep(key, asked === 'bearer' ? asked : null);
  return asked === 'bearer' ? 'bearer' : 'cookie';
}

recallLook();
keepShell();
const receiver = receiverIn(location.search);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Provided transport={transportOf(location.search)}>
        <InspectSwitch receiver={receiver}>
          <Application />
        </InspectSwitch>
      </Provided>
    </StrictMode>,
  );
}
