/** Address of a simple record by type; null where there is no record of the type. */
export interface RecordValues {
  readonly a: string | null;
  readonly aaaa: string | null;
}
