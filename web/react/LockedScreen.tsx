import { useId, useState, type ReactNode } from 'react';
import { reasonInWords } from '../../machines/index.ts';
import { ApplicationName } from './ApplicationName.tsx';
import { useCurfew, useInventory } from './hooks.ts';
import { LeaveButtons } from './LeaveButtons.tsx';
import { LockedPage } from './LockedPage.tsx';
import { useMessages } from './provider.tsx';
import { ReauthenticateForm } from './ReauthenticateForm.tsx';
import { summaryInWords } from '../messages/summary.ts';
import { useForms } from './useForms.ts';

/** What the tab is doing by itself, and what it could not do. */
function Progress(): ReactNode {
  const { phase, online, retry } = useCurfew();
  const { locked: messages, tryAgain } = useMessages();
  const doing = phase === 'checking' ? messages.keeping : phase === 'restoring' ? messages.bringingBack : '';
  return (
    <>
      <p role="status" className="curfew-progress">
        {doing}
      </p>
      {phase === 'unconfirmed' && (
        <div className="curfew-note">
          <p role="alert">{online ? messages.unreachable : messages.offline}</p>
          <button type="button" className="curfew-button" onClick={retry}>
            {tryAgain}
          </button>
        </div>
      )}
    </>
  );
}

/** What the locked screen offers besides. */
export interface LockedScreenProps {
  /** What helps a user who has forgotten the password: a link or a few words. Default: nothing. */
  readonly forgotten?: ReactNode;
}

/**
 * In place of the content when the user has been away for too long: why, what was kept, and the way back. What proves who the
 * user is has the focus and is described by the reason, so that it is both quick and spoken.
 *
 * @see WCAG 2.2 SC 2.2.5, 3.3.7; NIST SP 800-63B-4 §5.2
 */
export function LockedScreen({ forgotten }: LockedScreenProps): ReactNode {
  const { phase, view, reason, now } = useCurfew();
  const messages = useMessages();
  const summary = summaryInWords(useInventory(), now(), messages);
  const { notKept } = useForms();
  const [why, what] = [useId(), useId()];
  const isAsked = phase === 'locked' || phase === 'reauthenticating' || phase === 'unconfirmed';
  const [hasAsked, setAsked] = useState(isAsked);
  if (isAsked && !hasAsked) setAsked(true);
  // Once asked for, the form stays: the tab checks again whenever it is looked at, and half a password must not go.
  const isForm = isAsked || (hasAsked && phase === 'checking');
  const title = isForm ? messages.locked.title : messages.locked.moment;
  return (
    <LockedPage label={title}>
      <div className="curfew-card">
        <ApplicationName />
        <h1>{title}</h1>
        {(isForm || phase === 'restoring') && <p id={why}>{reasonInWords(reason ?? 'idle', view?.policy, messages)}</p>}
        {summary !== null && (
          <p id={what} className="curfew-summary">
            {summary}
          </p>
        )}
        {notKept.map((each) => (
          <p key={each.name} className="curfew-alert">
            {messages.kept.notKept(each.name, each.reason)}
          </p>
        ))}
        {!(isForm && phase === 'checking') && <Progress />}
        {isForm && (
          <>
            <ReauthenticateForm
              label={messages.locked.signInAndContinue}
              isBusy={phase === 'reauthenticating'}
              describedBy={`${why} ${what}`}
              isFirst
            />
            {forgotten !== undefined && <div className="curfew-forgotten">{forgotten}</div>}
            <LeaveButtons />
          </>
        )}
      </div>
    </LockedPage>
  );
}
