/** The secret of every peer: 32 bytes. */
export const secret = 'a-secret-of-thirty-two-bytes-or-';

/** How long a session lasts, in s: as with us. */
export const idle = 30 * 60;
export const absolute = 12 * 60 * 60;
