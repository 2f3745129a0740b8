import { expect, test } from 'vitest';
import {
  bodyBytesMax,
  framingBytesMax,
  HttpResponseReader,
  type Progress,
} from '../../../../src/adapters/net/http-response.ts';

interface Read {
  readonly progress: Progress;
  readonly status: number | null;
  readonly role: string | null;
  readonly body: string;
}

function readAll(chunks: readonly Buffer[]): Read {
  const reader = new HttpResponseReader();
  for (const chunk of chunks) reader.push(chunk);
  const progress = reader.end();
  return {
    progress,
    status: reader.head?.status ?? null,
    role: reader.head?.header('x-failover-role') ?? null,
    body: reader.body.toString('latin1'),
  };
}

const readText = (text: string): Read => readAll([Buffer.from(text, 'latin1')]);

test('reads status, header and body of a declared length (bytes after it are passed over)', () => {
  const read = readText('HTTP/1.1 200 OK\r\nX-Failover-Role:  Active \r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500');

  expect(read).toEqual({ progress: 'done', status: 200, role: 'active', body: 'ok' });
});

test('reads a chunked body with extensions and trailers', () => {
  const read = readText(
    'HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n',
  );

  expect(read).toMatchObject({ progress: 'done', status: 200, body: 'ok0123456789' });
});

test('reads until close without a declared length, with bare line feeds, after an interim response', () => {
  const read = readText('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\nX-Failover-Role: standby\n\nto the end');

  expect(read).toEqual({ progress: 'done', status: 200, role: 'standby', body: 'to the end' });
});

test.each([
  ['no byte', '', 'cut-off'],
  ['half a header block', 'HTTP/1.1 200 OK\r\nA: b\r\n', 'cut-off'],
  ['fewer bytes than declared', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok', 'cut-off'],
  ['no last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n', 'cut-off'],
  ['another protocol', 'SSH-2.0-OpenSSH_9.6', 'garbage'],
  ['a status that is no number', 'HTTP/1.1 OK\r\n\r\n', 'garbage'],
  ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', 'garbage'],
  ['an encoding never asked for', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n', 'garbage'],
  ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 'garbage'],
  ['no body by status', 'HTTP/1.1 204 No Content\r\n\r\n', 'done'],
])('ends by itself or with the connection (%s) as told', (_, text, progress) => {
  expect(readText(text).progress).toBe(progress);
});

test.each([
  ['body to the close', bodyBytesMax, 'done'],
  ['body to the close', bodyBytesMax + 1, 'full'],
])('holds the maximum of the body (%s, bytes=%i)', (_, length, progress) => {
  const read = readText(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(length)}`);

  expect(read.progress).toBe(progress);
  expect(read.body).toHaveLength(bodyBytesMax);
});

test.each([
  [framingBytesMax, 'done'],
  [framingBytesMax + 1, 'too-large'],
])('holds the maximum of the header block (bytes=%i)', (length, progress) => {
  const start = 'HTTP/1.1 204 OK\r\nA: ';
  const text = `${start}${'x'.repeat(length - start.length - 4)}\r\n\r\n`;

  expect(readText(text).progress).toBe(progress);
});

test.each([
  ['with its length', (body: string) => `Content-Length: ${body.length}\r\n\r\n${body}`],
  ['in chunks', (body: string) => `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}`],
  ['to the close', (body: string) => `\r\n${body}`],
])('reads the beginning of a longer body and no more of it (%s, bytes=100000)', (_, rest) => {
  const read = readText(`HTTP/1.1 200 OK\r\n${rest('x'.repeat(100_000))}`);

  expect(read).toMatchObject({ progress: 'full', status: 200 });
  expect(read.body).toHaveLength(bodyBytesMax);
});
