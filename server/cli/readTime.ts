import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';

const anyZone = { offset: true, local: true };
const time = z.union([z.iso.date(), z.iso.datetime(anyZone), z.iso.datetime({ ...anyZone, precision: -1 })]);

/**
 * Reads a day or a time as ISO 8601 writes it, such as `2026-01-31T09:00Z`; without a zone it is that of this machine, and a
 * day begins in UTC.
 *
 * @returns `null` for anything else, such as `5`, which `Date.parse` takes for a day of 2001
 */
export const readTime = (text: string): Instant | null => (time.safeParse(text).success ? Date.parse(text) : null);
