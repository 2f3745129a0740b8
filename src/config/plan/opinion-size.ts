/** A unit of DynamoDB for a write, in bytes. Source: Amazon DynamoDB Developer Guide, "Read and write operations". */
export const writeUnitBytes = 1_024;

/** Names of attributes and the plain values of an opinion item besides its body, in bytes. */
const frameBytes = 120;

/**
 * What a deflated body takes, in bytes: a fixed part, and a share of its text. Source: measured on what 2 to 50
 * services of 2 to 10 sites write; a test holds both against what is stored.
 */
const deflatedBaseBytes = 280;
const deflatedShare = 0.104;

/** Whether an opinion item fits in one unit of a write with its body as text. */
export function fitsAsText(textBytes: number): boolean {
  return frameBytes + textBytes <= writeUnitBytes;
}

/** How large an opinion item with so much text is, in bytes: as text, or deflated where it is long. */
export function opinionBytesOf(textBytes: number): number {
  return frameBytes + (fitsAsText(textBytes) ? textBytes : Math.ceil(deflatedBaseBytes + textBytes * deflatedShare));
}
