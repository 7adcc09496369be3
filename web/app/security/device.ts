import { parse } from 'bowser';

const unknown = 'Unknown device';

/**
 * A device by the name its owner would call it, from its user agent: "Chrome on Windows", "Safari on iPhone". It is what
 * the device says of itself, and proves nothing.
 */
export function deviceName(userAgent: string | null | undefined): string {
  if (!userAgent) return unknown;
  const { browser, os, platform } = parse(userAgent);
  const name = browser.name || undefined;
  const on = platform.model ?? os.name;
  if (name === undefined) return on ?? unknown;
  return on === undefined || name.includes(on) ? name : `${name} on ${on}`;
}
