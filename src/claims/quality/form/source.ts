/** Rows of one node in one file, ready to be read by the engine. */
export type NodeSource = {
  readonly node: string;
  /** position among the files of the run, from 0 */
  readonly fileNo: number;
  /** as findings show it, below the area folder */
  readonly fileName: string;
  /** The fields the file has for this node: the others were not supplied. */
  readonly fields: ReadonlySet<string>;
  /** The fields `select` gives; more than `fields` where a place in a file stands for a value. */
  readonly columns: ReadonlySet<string>;
  /** columns that are numbers in the file, with their type; the others are text */
  readonly types?: ReadonlyMap<string, string>;
  /**
   * SELECT giving row_no BIGINT (line, or number of the record), setl_id and the `columns` as text; of setlinfo also
   * `position`, the place of the list in the file from 0, and of other nodes by ordinal that place as `ordinal`.
   */
  readonly select: string;
  readonly rows: number;
  /** whether rows name their list by `ordinal`, not by setl_id */
  readonly byOrdinal: boolean;
};

/** A file of lists: what findings call it, and the form it was written in. */
export type FormFile = {
  readonly fileName: string;
  readonly form: '4101' | '4101A' | 'reduced';
  readonly sha256: string;
};

/** A record that could not be read; it is not checked and is reported apart from the findings. */
export type RefusedRecord = {
  readonly fileName: string;
  readonly row: number;
  readonly setlId: string;
  readonly reason: { readonly zh: string; readonly en: string };
};
