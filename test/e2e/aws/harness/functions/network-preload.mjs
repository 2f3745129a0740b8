// Stands for the network that a function finds itself in, and is imported before its bundle: which name server there
// is, and that AWS is at the fault proxy even for those who merely connect to it.
import dns from 'node:dns';
import { Socket } from 'node:net';

const { E2E_NAME_SERVER, AWS_ENDPOINT_URL } = process.env;
delete process.env.E2E_NAME_SERVER;
dns.setServers([E2E_NAME_SERVER]);
dns.promises.setServers([E2E_NAME_SERVER]);
// A resolver of one's own begins with the servers of the machine, too; they can be set before its first question only.
const directed = new WeakSet();
for (const { prototype } of [dns.Resolver, dns.promises.Resolver]) {
  for (const name of ['resolve4', 'resolve6']) {
    const ask = prototype[name];
    prototype[name] = function (...given) {
      if (!directed.has(this)) this.setServers([E2E_NAME_SERVER]);
      directed.add(this);
      return ask.apply(this, given);
    };
  }
}

const { hostname, port } = new URL(AWS_ENDPOINT_URL);
const { connect } = Socket.prototype;
Socket.prototype.connect = function (...given) {
  // Node's own callers pass one array: options, then a listener.
  const [options] = Array.isArray(given[0]) ? given[0] : given;
  if (/\.amazonaws\.com$/.test(options?.host ?? '')) {
    Object.assign(options, { host: hostname, port: Number(port), lookup: undefined });
  }
  return connect.apply(this, given);
};
