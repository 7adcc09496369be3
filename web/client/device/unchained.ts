/**
 * Runs something whose timers are no links of a chain: browsers let a chain of timers in a hidden page go on once a minute
 * only. In a page that is seen, it runs at once.
 *
 * @returns what cancels it
 */
export function unchained(run: () => void): () => void {
  if (document.visibilityState !== 'hidden') {
    run();
    return () => {};
  }
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    port1.close();
    run();
  });
  port1.start();
  port2.postMessage(null);
  return () => port1.close();
}
