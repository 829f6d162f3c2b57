/** One list is a few hundred characters; a record beyond this is an open quote swallowing the file, or not a CSV. */
const RECORD_CHARACTERS_MAX = 1_000_000;

/** Why a CSV file cannot be split into records, and the line on which the record in question starts. */
export class CsvFault extends Error {
  readonly kind: 'unclosed-quote' | 'bad-quote' | 'too-long';
  readonly line: number;

  constructor(kind: CsvFault['kind'], line: number) {
    super(`${kind} in the record that starts on line ${line}`);
    this.kind = kind;
    this.line = line;
  }
}

/**
 * Splits CSV text, given in pieces, into records (RFC 4180, LF or CRLF): a value that holds a delimiter, a quote or a
 * line end stands in quotes, quotes in it are doubled. Blank lines are skipped but counted. A quote anywhere else is
 * a fault, because what was meant cannot be known.
 */
export class CsvRecords {
  readonly #delimiter: string;
  readonly #onRecord: (fields: string[], line: number) => void;
  #carry = '';
  #line: number;

  /** @param onRecord hears the line, from `firstLine`, on which the record starts */
  constructor(delimiter: string, onRecord: (fields: string[], line: number) => void, firstLine = 1) {
    this.#delimiter = delimiter;
    this.#onRecord = onRecord;
    this.#line = firstLine;
  }

  /** Throws CsvFault. */
  push(piece: string): void {
    const text = this.#carry + piece;
    let start = 0;
    let quote = text.indexOf('"');
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (quote >= 0 && quote < start) quote = text.indexOf('"', start);
      if (quote < 0 || quote > end) {
        this.#takeLine(text.slice(start, end));
        start = end + 1;
        continue;
      }
      const next = this.#takeQuoted(text, start, false);
      if (next === undefined) break;
      start = next;
    }
    this.#carry = text.slice(start);
    if (this.#carry.length > RECORD_CHARACTERS_MAX) {
      throw new CsvFault(this.#carry.includes('"') ? 'unclosed-quote' : 'too-long', this.#line);
    }
  }

  /** The last record, when no line end closes it. Throws CsvFault. */
  finish(): void {
    if (this.#carry.includes('"')) this.#takeQuoted(this.#carry, 0, true);
    else this.#takeLine(this.#carry);
    this.#carry = '';
  }

  #takeLine(line: string): void {
    const content = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (content !== '') this.#onRecord(content.split(this.#delimiter), this.#line);
    this.#line++;
  }

  /** Takes one record with quotes; returns where the next starts, undefined when the text ends before it does. */
  #takeQuoted(text: string, start: number, isLast: boolean): number | undefined {
    const fields: string[] = [];
    let at = start;
    let lines = 1;
    for (;;) {
      let value = '';
      if (text[at] === '"') {
        at++;
        for (;;) {
          const quote = text.indexOf('"', at);
          if (quote - start > RECORD_CHARACTERS_MAX) throw new CsvFault('unclosed-quote', this.#line);
          if (quote < 0 && isLast) throw new CsvFault('unclosed-quote', this.#line);
          if (quote < 0) return undefined;
          value += text.slice(at, quote);
          at = quote + 1;
          if (text[at] !== '"') break;
          value += '"';
          at++;
        }
        lines += value.split('\n').length - 1;
      } else {
        const from = at;
        while (at < text.length && text[at] !== this.#delimiter && text[at] !== '\n' && text[at] !== '"')
          at++;
        if (text[at] === '"') throw new CsvFault('bad-quote', this.#line);
        if (text[at] === '\n' && text[at - 1] === '\r') at--;
        value = text.slice(from, at);
      }
      fields.push(value);
      if (at >= text.length && !isLast) return undefined;
      if (text[at] === this.#delimiter) {
        at++;
        continue;
      }
      const lineEnd = text.slice(at, at + 2);
      if (lineEnd === '\r' && !isLast) return undefined;
      if (at < text.length && lineEnd[0] !== '\n' && lineEnd !== '\r\n' && lineEnd !== '\r') {
        throw new CsvFault('bad-quote', this.#line);
      }
      this.#onRecord(fields, this.#line);
      this.#line += lines;
      return at + (lineEnd === '\r\n' ? 2 : 1);
    }
  }
}
