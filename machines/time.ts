/** A moment, in epoch milliseconds of the server's clock. */
export type Instant = number;

/** A length of time, in milliseconds. */
export type Duration = number;

/** A length of time from seconds, in ms. */
export const seconds = (n: number): Duration => n * 1_000;
/** A length of time from minutes, in ms. */
export const minutes = (n: number): Duration => n * 60_000;
/** A length of time from hours, in ms. */
export const hours = (n: number): Duration => n * 3_600_000;
/** A length of time from days of 24 hours, in ms. */
export const days = (n: number): Duration => n * 86_400_000;
