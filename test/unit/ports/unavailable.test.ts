import { expect, test } from 'vitest';
import { unavailable } from '../../../src/ports/unavailable.ts';

const methods = Object.entries(unavailable).flatMap(([port, methodsOf]) =>
  Object.entries(methodsOf as unknown as Record<string, () => Promise<unknown>>).map(([name, method]) => ({
    port,
    name,
    method,
  })),
);

test.each(methods)('$port.$name rejects as invalid', async ({ method }) => {
  await expect(method()).rejects.toMatchObject({ code: 'FAULT', fault: { kind: 'invalid' }, isRetryable: false });
});
