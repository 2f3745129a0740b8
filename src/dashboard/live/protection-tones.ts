import type { ProtectionLevel } from '../../core/operator/protection.ts';

/** How each level of protection looks on the page. */
export const levelTones: Readonly<Record<ProtectionLevel, 'good' | 'doubtful' | 'bad'>> = {
  protected: 'good',
  moving: 'doubtful',
  unprotected: 'bad',
  stuck: 'bad',
  'cannot-see': 'bad',
};
