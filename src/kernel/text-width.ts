/** How text lies on a terminal, where a Chinese character takes two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** Punctuation that must not begin a line. */
const CLOSING = /[，。；：、！？）》」』”’…%,.;:!?)\]}]/;
/** Brackets that must not end a line. */
const OPENING = /[（《「『“‘([{<]/;

/** Columns a text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/**
 * Breaks text into lines of at most `width` columns: between words, and on either side of a Chinese character except
 * where punctuation would be torn from its word. Line feeds in the text stay.
 */
export function wrapText(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
}

function wrapLine(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const piece of unbreakable(text)) {
    if (line !== '' && displayWidth(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  return [...lines, line.trimEnd()].join('\n');
}

/** The pieces between which a line may be broken; blanks stay at the end of the piece before. */
function unbreakable(text: string): string[] {
  const pieces: string[] = [];
  let before = '';
  for (const character of text) {
    const mayBreak =
      before !== '' &&
      character !== ' ' &&
      (before === ' ' || WIDE.test(before) || WIDE.test(character)) &&
      !CLOSING.test(character) &&
      !OPENING.test(before);
    if (mayBreak || pieces.length === 0) pieces.push(character);
    else pieces[pieces.length - 1] += character;
    before = character;
  }
  return pieces;
}
