import { application } from '../../../lib/application';

const handle = async (request: Request) => (await application()).api.fetch(request);

export { handle as DELETE, handle as GET, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
