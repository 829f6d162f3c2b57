/** Where a UTF-16 unit stands among code points: surrogates, which write the code points above U+FFFF, come last. */
const place = (unit: number): number =>
  unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;

/**
 * Compares two texts by code point, as the engine orders VARCHAR and as the result files are ordered. The operators of the
 * language compare UTF-16 units, which puts characters above U+FFFF (rare ideographs of names) before U+E000.
 */
export function byText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = place(a.charCodeAt(index)) - place(b.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
