import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly isBroken: boolean;
}

/**
 * Stands around what may break, as a page does that a browser's translation has changed. What is typed outlives it, for the
 * drafts are the tab's and not the page's; and the guard around it goes on.
 */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override readonly state: BoundaryState = { isBroken: false };

  static getDerivedStateFromError(): BoundaryState {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <main className="app-broken" role="alert">
        <h1>This page has stopped working</h1>
        <p>
          <span>What you have typed is kept. If your browser translates this page, that may be the reason.</span>
        </p>
        <button
          type="button"
          className="curfew-button curfew-button-primary"
          onClick={() => this.setState({ isBroken: false })}
        >
          Show it again
        </button>
      </main>
    );
  }
}
