/**
 * The region that takes every call about a standard accelerator, wherever its endpoints are. Source: Global Accelerator
 * API Reference, "Welcome": "you must specify the US West (Oregon) Region".
 */
export const acceleratorRegion = 'us-west-2';
