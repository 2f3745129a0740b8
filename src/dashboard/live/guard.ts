import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { timingSafeEqual } from 'hono/utils/buffer';

/** Names by which a browser on this machine reaches it. Any other name has been made to point here by somebody else. */
const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/** What every answer says about what may be loaded, framed and kept. Nothing comes from outside. */
const headers: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** Who is refused, and what is said. */
const refusals = {
  host: 'This page answers to 127.0.0.1 and localhost only.\n',
  token: 'Open the address that the command printed: it holds the token, and each start has another.\n',
  origin: 'Only this page itself may ask for that.\n',
} as const;

/** The token as a scraper of metrics shows it. */
function bearerIn(context: Context): string | undefined {
  return /^Bearer (\S+)$/.exec(context.req.header('authorization') ?? '')?.[1];
}

/**
 * Lets in whoever knows the token, from this page alone.
 *
 * The name in `Host` stands against DNS that is made to point here (rebinding); the token against other users and
 * pages of this machine; the origin against other pages in the same browser. The token comes once in the address, then
 * in a cookie that no script reads and no other site sends. Cookies know no ports, so its name says the port.
 */
export function guard(token: string): MiddlewareHandler {
  return async (context, next) => {
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
    const { host, port } = new URL(context.req.url);
    const name = host.replace(/:\d+$/, '');
    if (!loopbackNames.includes(name)) return context.text(refusals.host, 403);

    const cookie = `failover-page-${port}`;
    const given = context.req.query('token');
    const shown = given ?? bearerIn(context) ?? getCookie(context, cookie) ?? '';
    if (!(await timingSafeEqual(shown, token))) return context.text(refusals.token, 403);

    const isReading = context.req.method === 'GET' || context.req.method === 'HEAD';
    if (!isReading && context.req.header('origin') !== `http://${host}`) return context.text(refusals.origin, 403);
    if (given !== undefined) setCookie(context, cookie, token, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return next();
  };
}
