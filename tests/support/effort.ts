/** Whether `npm run test:deep` runs, and not the part of the same tests that is in `npm test`. */
export const isDeep = process.env['CURFEW_EFFORT'] === 'deep';
