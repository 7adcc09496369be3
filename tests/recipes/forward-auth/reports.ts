import { createServer } from 'node:http';

/** An application as it was before: it believes what nginx says of the user, and knows of no session. */
const server = createServer((request, response) => {
  const name = decodeURIComponent(String(request.headers['curfew-name'] ?? ''));
  const whose = request.headers['curfew-role'] === 'administrator' ? 'All reports, for' : 'Reports of';
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  if (request.method === 'POST') response.end(`stored by ${name}`);
  else response.end(`${whose} ${name}, who came with ${request.headers.cookie ?? 'no cookie'}`);
});
server.listen(Number(process.env['PORT'] ?? 3002), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`http://127.0.0.1:${address?.port}`);
});
