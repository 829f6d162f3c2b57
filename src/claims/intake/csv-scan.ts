const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/** DuckDB refuses lines over 2 MB; a line near that is a damaged file anyway. */
const PLAIN_LINE_BYTES_MAX = 1_000_000;

/** Where the scan stands within a field. */
const FIELD_START = 0;
const UNQUOTED = 1;
const QUOTED = 2;
const QUOTE_IN_QUOTED = 3;

/**
 * Decides, from the bytes alone, whether a CSV file is plain: every line is one record with as many fields as the
 * header, quotes only where the format allows them and none around a line end, one kind of line end, no blank line
 * but at the end. Then the n-th record stands on line n and DuckDB can read the file as it is. Works on UTF-8 and on
 * GB18030: in both, the bytes looked at here are never part of another character.
 */
export class CsvScan {
  readonly #delimiter: number;
  readonly #fields: number;
  #plain = true;
  #state = FIELD_START;
  #delimiters = 0;
  #lineBytes = 0;
  #lines = 0;
  #blankSeen = false;
  #carriageReturns = 0;
  #lineEnds = 0;
  #carriageReturnEnds = 0;
  #lastByte = -1;

  /** @param skipBytes length of a byte order mark */
  constructor(delimiter: string, fields: number, skipBytes: number) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#fields = fields;
    this.#lineBytes = -skipBytes;
  }

  push(chunk: Buffer): void {
    if (!this.#plain) return;
    // The byte order mark is not part of the first field: a quote may follow it.
    const start = this.#lineBytes < 0 ? Math.min(-this.#lineBytes, chunk.length) : 0;
    if (this.#lineBytes < 0) this.#lineBytes += start;
    if (this.#state < QUOTED && !chunk.includes(QUOTE)) this.#pushUnquoted(chunk, start);
    else this.#pushQuoted(chunk, start);
    if (chunk.length > 0) this.#lastByte = chunk[chunk.length - 1]!;
  }

  /** Number of records below the header of a plain file; undefined when the file is not plain. */
  rows(): number | undefined {
    if (!this.#plain || this.#state === QUOTED) return undefined;
    const lastLineIsOpen = this.#lineBytes > 0;
    if (lastLineIsOpen && (this.#blankSeen || this.#delimiters + 1 !== this.#fields)) return undefined;
    if (this.#carriageReturns !== this.#carriageReturnEnds) return undefined;
    if (this.#carriageReturnEnds !== 0 && this.#carriageReturnEnds !== this.#lineEnds) return undefined;
    return this.#lines + (lastLineIsOpen ? 1 : 0) - 1;
  }

  #pushUnquoted(chunk: Buffer, start: number): void {
    const delimiter = this.#delimiter;
    const highest = Math.max(delimiter, CARRIAGE_RETURN);
    let delimiters = this.#delimiters;
    let lineStart = start - this.#lineBytes;
    for (let i = start; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte > highest) continue;
      if (byte === delimiter) delimiters++;
      else if (byte === NEWLINE) {
        this.#endLine(i - lineStart, delimiters, i > 0 ? chunk[i - 1]! : this.#lastByte);
        if (!this.#plain) return;
        delimiters = 0;
        lineStart = i + 1;
      } else if (byte === CARRIAGE_RETURN) this.#carriageReturns++;
    }
    this.#delimiters = delimiters;
    this.#lineBytes = chunk.length - lineStart;
    if (this.#lineBytes > PLAIN_LINE_BYTES_MAX) this.#plain = false;
    if (chunk.length > start) {
      const last = chunk[chunk.length - 1];
      this.#state = last === delimiter || last === NEWLINE ? FIELD_START : UNQUOTED;
    }
  }

  #pushQuoted(chunk: Buffer, start: number): void {
    const delimiter = this.#delimiter;
    let state = this.#state;
    let delimiters = this.#delimiters;
    let lineStart = start - this.#lineBytes;
    for (let i = start; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (state === QUOTED) {
        if (byte === QUOTE) state = QUOTE_IN_QUOTED;
        else if (byte === NEWLINE || byte === CARRIAGE_RETURN) {
          this.#plain = false;
          return;
        }
      } else if (byte === QUOTE) {
        if (state === UNQUOTED) {
          this.#plain = false;
          return;
        }
        state = QUOTED;
      } else if (byte === delimiter) {
        delimiters++;
        state = FIELD_START;
      } else if (byte === NEWLINE) {
        this.#endLine(i - lineStart, delimiters, i > 0 ? chunk[i - 1]! : this.#lastByte);
        if (!this.#plain) return;
        delimiters = 0;
        lineStart = i + 1;
        state = FIELD_START;
      } else if (byte === CARRIAGE_RETURN) {
        this.#carriageReturns++;
        state = UNQUOTED;
      } else {
        if (state === QUOTE_IN_QUOTED) {
          this.#plain = false;
          return;
        }
        state = UNQUOTED;
      }
    }
    this.#state = state;
    this.#delimiters = delimiters;
    this.#lineBytes = chunk.length - lineStart;
    if (this.#lineBytes > PLAIN_LINE_BYTES_MAX) this.#plain = false;
  }

  #endLine(bytes: number, delimiters: number, byteBefore: number): void {
    const carriageReturn = bytes > 0 && byteBefore === CARRIAGE_RETURN;
    this.#lineEnds++;
    if (carriageReturn) this.#carriageReturnEnds++;
    if (bytes === (carriageReturn ? 1 : 0)) {
      this.#blankSeen = true;
      return;
    }
    this.#lines++;
    if (this.#blankSeen || delimiters + 1 !== this.#fields || bytes > PLAIN_LINE_BYTES_MAX)
      this.#plain = false;
  }
}
