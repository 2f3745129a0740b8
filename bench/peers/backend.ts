import { createServer } from 'node:http';

/** A backend of a stage: answers every request with its name. Arguments: name, address, port. */
const [name = '', host = '127.0.0.1', port = '0'] = process.argv.slice(2);
createServer((_request, response) => {
  response.setHeader('Connection', 'close');
  response.end(name);
}).listen(Number(port), host);
