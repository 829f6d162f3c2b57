/**
 * How a name is read aloud, without tones, ü as v. Letters and digits stand for themselves, punctuation is left out.
 */
export type Reading = {
  /** the usual syllables, as the words in the name are read, joined by blanks: `zhong zheng fei yan` */
  readonly pinyin: string;
  /** with all readings of each character, the usual one first, joined by `/`; '' when none has several */
  readonly readings: string;
};

/**
 * pinyin-pro knows the words in which a character of several readings has its less usual one. It is loaded only when
 * something has to be read, because that takes a tenth of a second.
 */
export async function loadPinyin(): Promise<(text: string) => Reading> {
  const { pinyin, polyphonic } = await import('pinyin-pro');
  const options = { toneType: 'none', type: 'array', v: true } as const;
  const readingsOf = new Map<string, readonly string[]>();
  const allReadings = (character: string): readonly string[] => {
    const known = readingsOf.get(character);
    if (known !== undefined) return known;
    const readings = HAN.test(character) ? (polyphonic(character, options)[0] ?? []) : [];
    readingsOf.set(character, readings);
    return readings;
  };
  return (text) => {
    const characters = [...searchable(text)];
    const read = pinyin(characters.join(''), options);
    const usual: string[] = [];
    const all: string[] = [];
    for (const [index, character] of characters.entries()) {
      if (!SPOKEN.test(character)) continue;
      const syllable = (read[index] ?? character).toLowerCase();
      usual.push(syllable);
      all.push([...new Set([syllable, ...allReadings(character), ...typedWithU(syllable)])].join('/'));
    }
    const readings = all.join(' ');
    return { pinyin: usual.join(' '), readings: readings.includes('/') ? readings : '' };
  };
}

/** Those who type lu or nu for lü and nü find them too. */
const typedWithU = (syllable: string): string[] =>
  /^[ln]v/.test(syllable) ? [syllable.replace('v', 'u')] : [];

const HAN = /\p{Script=Han}/u;
const SPOKEN = /[\p{L}\p{N}]/u;

/** A text as it is compared: full-width and Roman characters unified, lower case, without blanks. */
export const searchable = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
