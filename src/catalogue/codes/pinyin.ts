/**
 * How names are read aloud. pinyin-pro knows the words in which a character of several readings has its less usual one;
 * it is loaded only when something has to be read, because that takes a tenth of a second.
 */
export type Pinyin = {
  /** The syllables of a text, in order, without tones, ü as v; letters and digits stand for themselves. */
  readonly syllablesOf: (text: string) => string[];
  /** All readings of a character, the usual one first; empty for one that is not Chinese. */
  readonly readingsOf: (character: string) => string[];
};

export const loadPinyin = async (): Promise<Pinyin> => {
  const { pinyin, polyphonic } = await import('pinyin-pro');
  const options = { toneType: 'none', type: 'array', v: true } as const;
  return {
    syllablesOf: (text) => {
      const characters = [...searchable(text)];
      const read = pinyin(characters.join(''), options);
      return characters.flatMap((character, index) =>
        isSpoken(character) ? [(read[index] ?? character).toLowerCase()] : [],
      );
    },
    readingsOf: (character) => {
      const readings = HAN.test(character) ? (polyphonic(character, options)[0] ?? []) : [];
      // those who type lu or nu for lü and nü find them too
      return [
        ...new Set(
          readings.flatMap((reading) =>
            /^[ln]v/.test(reading) ? [reading, reading.replace('v', 'u')] : [reading],
          ),
        ),
      ];
    },
  };
};

const HAN = /\p{Script=Han}/u;
const SPOKEN = /[\p{L}\p{N}]/u;
const isSpoken = (character: string): boolean => SPOKEN.test(character);

/** A text as it is compared: full-width and Roman characters unified, lower case, without blanks. */
export const searchable = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

/** The characters of a searchable text that are read aloud: everything but punctuation. One for each syllable. */
export const spokenCharacters = (text: string): string[] => [...text].filter(isSpoken);
