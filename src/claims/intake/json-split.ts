const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** One settlement list is a few kilobytes; a record beyond this is an unclosed one swallowing the file. */
const RECORD_BYTES_MAX = 16 * 1024 * 1024;

/** What is wrong with the structure of a JSON file, at which line and in which record, both from 1. */
export class JsonFault extends Error {
  readonly kind: 'truncated' | 'not-an-object' | 'line-end-in-text' | 'unexpected';
  readonly line: number;
  readonly record: number;

  constructor(kind: JsonFault['kind'], line: number, record: number) {
    super(`${kind} at line ${line}, record ${record}`);
    this.kind = kind;
    this.line = line;
    this.record = record;
  }
}

/**
 * Cuts a stream of UTF-8 bytes into its objects: one after the other (JSON lines, or spread over lines), or the
 * elements of one array. Only brackets and quotes are looked at; what is inside an object is for JSON.parse.
 */
export class JsonSplitter {
  readonly #onRecord: (text: string, line: number, record: number) => void;
  #carry: Buffer = Buffer.alloc(0);
  #layout: 'unknown' | 'sequence' | 'array' | 'ended' = 'unknown';
  /** In an array: what must come next. */
  #next: 'first' | 'element' | 'comma' = 'first';
  #depth = 0;
  #inText = false;
  /** The byte before was a backslash. */
  #escaped = false;
  #line = 1;
  #recordLine = 1;
  #records = 0;
  #firstBytes = 0;

  /** @param onRecord `line` is where the record starts, `record` its number, both from 1 */
  constructor(onRecord: (text: string, line: number, record: number) => void) {
    this.#onRecord = onRecord;
  }

  /** Whether the records are elements of one array, as opposed to one after the other. */
  get isArray(): boolean {
    return this.#layout === 'array' || this.#layout === 'ended';
  }

  /** Throws JsonFault. */
  push(chunk: Buffer): void {
    const bytes = this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk;
    let start = 0;
    // Local copies: this loop looks at every byte.
    let depth = this.#depth;
    let inText = this.#inText;
    let i = this.#carry.length + (this.#escaped ? 1 : 0);
    for (; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (inText) {
        if (byte === QUOTE) inText = false;
        else if (byte === BACKSLASH) i++;
        else if (byte === NEWLINE) this.#fail('line-end-in-text');
      } else if (byte === NEWLINE) this.#line++;
      else if (depth > 0) {
        if (byte === QUOTE) inText = true;
        else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
        else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
          depth--;
          if (depth === 0) {
            this.#records++;
            this.#onRecord(bytes.toString('utf8', start, i + 1), this.#recordLine, this.#records);
          }
        }
      } else if (this.#between(byte)) {
        start = i;
        depth = 1;
        this.#recordLine = this.#line;
      }
    }
    this.#escaped = i > bytes.length; // a backslash was the last byte
    this.#depth = depth;
    this.#inText = inText;
    this.#carry = depth > 0 ? Buffer.from(bytes.subarray(start)) : Buffer.alloc(0);
    if (this.#carry.length > RECORD_BYTES_MAX) this.#fail('truncated', this.#recordLine);
  }

  /** Throws JsonFault when the last record or the array is not closed. Returns the number of records. */
  finish(): number {
    if (this.#depth > 0) this.#fail('truncated', this.#recordLine);
    if (this.#layout === 'array') this.#fail('truncated');
    return this.#records;
  }

  /** Takes a byte between records; true when it opens one. */
  #between(byte: number): boolean {
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d) return false;
    if (this.#layout === 'unknown') {
      if (byte === BYTE_ORDER_MARK[this.#firstBytes] && this.#firstBytes < BYTE_ORDER_MARK.length) {
        this.#firstBytes++;
        return false;
      }
      if (byte === OPEN_BRACKET) {
        this.#layout = 'array';
        return false;
      }
      this.#layout = 'sequence';
    }
    if (this.#layout === 'ended') this.#fail('unexpected');
    if (this.#layout === 'array') {
      if (byte === CLOSE_BRACKET && this.#next !== 'element') {
        this.#layout = 'ended';
        return false;
      }
      if (this.#next === 'comma') {
        if (byte !== COMMA) this.#fail('unexpected');
        this.#next = 'element';
        return false;
      }
      this.#next = 'comma';
    }
    if (byte !== OPEN_BRACE) {
      const startsValue =
        byte === QUOTE || byte === OPEN_BRACKET || /[-\dtfn]/.test(String.fromCharCode(byte));
      this.#fail(startsValue ? 'not-an-object' : 'unexpected');
    }
    return true;
  }

  #fail(kind: JsonFault['kind'], line = this.#line): never {
    throw new JsonFault(kind, line, this.#records + 1);
  }
}
