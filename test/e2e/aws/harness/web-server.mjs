// A site: its name at `/`, `ok` at `/healthz`. Arguments: address, port, name.
import { createServer } from 'node:http';

const [address, port, name] = process.argv.slice(2);
createServer((request, response) => {
  const body = request.url === '/healthz' ? 'ok\n' : request.url === '/' ? `${name}\n` : null;
  response.writeHead(body === null ? 404 : 200, { 'content-type': 'text/plain' }).end(body ?? 'not found\n');
}).listen(Number(port), address, () => process.send('listening'));
process.on('disconnect', () => process.exit(0));
