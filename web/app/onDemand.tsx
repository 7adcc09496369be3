import { lazy, type ReactNode } from 'react';
import { Failure } from './Failure.tsx';

/** A page that is loaded when the user goes there, so that the first load does not grow with it. */
const onDemand = <Props extends object>(what: string, load: () => Promise<(props: Props) => ReactNode>) =>
  lazy<(props: Props) => ReactNode>(() =>
    load().then(
      (page) => ({ default: page }),
      () => ({
        default: () => <Failure what={`load ${what}`} trouble="unreachable" onRetry={() => location.reload()} />,
      }),
    ),
  );

/** Behind the scenes. */
export const Inspector = onDemand('the inspector', async () => (await import('./inspector/Inspector.tsx')).Inspector);

/** Devices and the account. */
export const SecurityPage = onDemand(
  'the security page',
  async () => (await import('./security/SecurityPage.tsx')).SecurityPage,
);

/** Everybody's sessions, for administrators. */
export const AdminPage = onDemand('the administration', async () => (await import('./admin/AdminPage.tsx')).AdminPage);
