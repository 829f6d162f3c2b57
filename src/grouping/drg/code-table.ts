/** Numbers of one entry of the hash table, side by side so that one look-up reads one piece of memory. */
const ENTRY = 4;
const HASH = 0;
const NUMBER = 1;
const START = 2;
const LENGTH = 3;

/**
 * Numbers for codes found inside a longer text, without cutting the text up: a hash table over the characters. Cutting
 * out each code and asking a Map takes several times as long and makes garbage.
 */
export class CodeTable {
  /** by slot: hash, number (0 = free), where its characters begin, how many there are */
  readonly #entries: Int32Array;
  readonly #mask: number;
  readonly #characters: Uint8Array | Uint16Array;

  /** Code `i` gets the number `i + 1`; 0 stands for every other. The codes differ. */
  constructor(codes: readonly string[]) {
    let slots = 16;
    while (slots < codes.length * 2) slots *= 2;
    this.#entries = new Int32Array(slots * ENTRY);
    this.#mask = slots - 1;
    const text = codes.join('');
    const characters = Uint16Array.from(text, (_, i) => text.charCodeAt(i));
    this.#characters = characters.every((character) => character < 256)
      ? Uint8Array.from(characters)
      : characters;
    let start = 0;
    for (const [index, code] of codes.entries()) {
      const hash = hashOf(code, 0, code.length);
      let slot = hash & this.#mask;
      while (this.#entries[slot * ENTRY + NUMBER] !== 0) slot = (slot + 1) & this.#mask;
      this.#entries.set([hash, index + 1, start, code.length], slot * ENTRY);
      start += code.length;
    }
  }

  /** The number of the code that stands in `text` from `start` to before `end`. */
  find(text: string, start: number, end: number): number {
    const hash = hashOf(text, start, end);
    const length = end - start;
    const entries = this.#entries;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * ENTRY;
      const number = entries[at + NUMBER]!;
      if (number === 0) return 0;
      if (entries[at + HASH] !== hash || entries[at + LENGTH] !== length) continue;
      if (this.#isAt(entries[at + START]!, text, start, length)) return number;
    }
  }

  #isAt(place: number, text: string, start: number, length: number): boolean {
    const characters = this.#characters;
    for (let i = 0; i < length; i++) {
      if (characters[place + i] !== text.charCodeAt(start + i)) return false;
    }
    return true;
  }
}

function hashOf(text: string, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  // lets the upper bits count too
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
