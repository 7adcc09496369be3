// The worker that walks the paths of the model of a session.
import '../../../model/http.deep.test.ts';
import { worker } from './oneObject.ts';

export { TestsObject } from './oneObject.ts';

// What workerd looks for.
// oxlint-disable-next-line import/no-default-export
export default worker;
