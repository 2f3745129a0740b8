import { inflateRawSync } from 'node:zlib';

/** Signatures of the end of the directory and of one of its entries. Source: PKWARE APPNOTE 6.3.10, 4.3.12, 4.3.16. */
const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
/** Bytes of the end record without its comment, of an entry's head, and of the head before its data. */
const endBytes = 22;
const entryBytes = 46;
const localBytes = 30;
/** Longest comment at the end of an archive. */
const commentBytesMax = 0xffff;
const stored = 0;
const deflated = 8;

/**
 * Reads one file of a ZIP archive, by the directory at its end: heads before the data may not know their lengths.
 *
 * @param bytesMax - longest content
 * @returns null where the archive has no such file
 * @throws {RangeError} for what is no such archive, or is longer
 */
export function readZipEntry(archive: Buffer, name: string, bytesMax: number): Buffer | null {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(at) !== entrySignature) throw new RangeError('the archive has a broken directory');
    const nameBytes = archive.readUInt16LE(at + 28);
    const found = archive.toString('utf8', at + entryBytes, at + entryBytes + nameBytes);
    if (found === name) return contentAt(archive, at, bytesMax);
    at += entryBytes + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return null;
}

function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - endBytes - commentBytesMax);
  for (let at = archive.length - endBytes; at >= first; at -= 1) {
    if (archive.readUInt32LE(at) === endSignature) return at;
  }
  throw new RangeError('no ZIP archive');
}

function contentAt(archive: Buffer, entry: number, bytesMax: number): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const packedBytes = archive.readUInt32LE(entry + 20);
  const head = archive.readUInt32LE(entry + 42);
  const start = head + localBytes + archive.readUInt16LE(head + 26) + archive.readUInt16LE(head + 28);
  const packed = archive.subarray(start, start + packedBytes);
  if (method === stored && packed.length <= bytesMax) return packed;
  if (method === deflated) return inflateRawSync(packed, { maxOutputLength: bytesMax });
  throw new RangeError(`the archive holds it by method ${method}, or it is longer than ${bytesMax} bytes`);
}
