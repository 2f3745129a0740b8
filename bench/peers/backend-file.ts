import { join } from 'node:path';

/** The bundle of `backend.ts`, beside this one in `dist/`. */
export const backendFile = join(import.meta.dirname, 'peers-backend.js');
