// The worker that plays the races of the suites.
import { races } from '../../server/races/races.ts';
import { worker } from './oneObject.ts';

export { TestsObject } from './oneObject.ts';

races('sqlite');

// What workerd looks for.
// oxlint-disable-next-line import/no-default-export
export default worker;
