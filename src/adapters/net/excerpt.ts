/** Longest part of what a target sent that is repeated to people, in characters. */
export const excerptLengthMax = 80;

/** The beginning of what a target sent, in quotes and on one line. */
export function excerptOf(bytes: Buffer): string {
  const text = bytes.toString('utf8', 0, excerptLengthMax);
  return `${JSON.stringify(text)}${bytes.length > excerptLengthMax ? '...' : ''}`;
}
