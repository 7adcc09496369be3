import type { ReactNode } from 'react';
import 'curfew/curfew.css';

export const metadata = { title: 'A Next application' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
