import type { YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';

/** A file to open: `fileName` is its base name, `bytes` its size. */
export type ListFile = {
  readonly fileName: string;
  readonly path: string;
  readonly bytes: number;
  /** A name for temporary files that no other file of the run has. */
  readonly key: string;
  /** Says how much of this file is done, 0 to 1. */
  readonly onShare: (share: number) => void;
};

/** A record that could not be split into columns; it becomes a refused list. `setlId` is '' when unknown. */
export type MalformedRecord = { readonly row: number; readonly setlId: string; readonly problem: Text };

/** One file of settlement lists, ready to be read. */
export type ListSource = {
  /** base name, as reported in refused.csv */
  readonly fileName: string;
  readonly path: string;
  readonly bytes: number;
  /** of the original file, lower-case hexadecimal; reads the file where opening it did not */
  readonly sha256: () => Promise<string>;
  /** rows `select` gives */
  readonly rows: number;
  /**
   * SELECT (no trailing semicolon) giving exactly LIST_COLUMNS in their order, one row per list in
   * file order. Text formats give VARCHAR (NULL or '' when empty); Parquet keeps its native column types.
   */
  readonly select: string;
  /** columns of `select` whose texts are kept in dictionaries, so that a function need look at each text but once; absent: none */
  readonly dictionaryColumns?: ReadonlySet<string>;
  /** How the file can be read in one scan with others of the same `key`, in the order of their paths; absent: by itself only. */
  readonly together?: {
    readonly key: string;
    readonly select: (paths: readonly string[]) => string;
  };
  /** records that could not be split into columns, in file order */
  readonly malformed: readonly MalformedRecord[];
  /**
   * Place in the file (line, sheet row, or position in a JSON array, all from 1) of rows of `select`, given their
   * 0-based ordinals; absent when it is ordinal + 2 (the header being line 1).
   */
  readonly lineOf?: (ordinals: readonly number[]) => readonly number[];
  /**
   * The refusal of the file when running `select` fails: damage inside a Parquet file shows only then. Absent for
   * formats that were read through when they were opened.
   */
  readonly refusal?: (error: unknown) => YibaoError;
};
