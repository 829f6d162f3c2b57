import { byCode } from '#catalogue/codes/code-set.ts';
import { loadPinyin, searchable } from '#catalogue/codes/pinyin.ts';
import type { LoadedSet, SetEntry } from '#catalogue/codes/store.ts';

/**
 * How a code was found, the surest first. A look-up shows matches in this order; within one kind, whole before beginning
 * before middle, then short names first, then by set and code.
 */
export const MATCH_KINDS = [
  /** the code, or its beginning (case and points do not matter) */
  'code',
  /** the name, a part of it, or all its words in any order */
  'name',
  /** initials or syllables of the name, mixed as one likes: jxlwy, jixinglanweiyan, jxlanwy */
  'pinyin',
  /** the same, with an unusual reading of a character of several readings */
  'other-reading',
  /** a name that sounds the same: 急性兰尾炎 */
  'same-sound',
  /** all characters in order with others between them: 阑尾除术 */
  'in-order',
  /** a name with one or two characters (or letters of its pinyin) wrong, missing, too many or changed over */
  'similar',
] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

export type CodeMatch = {
  readonly code: string;
  readonly name: string;
  readonly set: string;
  readonly match: MatchKind;
};

/** A kind of match and the rank within it, the lower the better. */
type Match = { readonly kind: MatchKind; readonly within: number };
type Found = { readonly entry: SetEntry; readonly setNo: number } & Match;

/** Where a match lies: all of it, its beginning, or further on. */
const WHOLE = 0;
const BEGINNING = 100_000;
const MIDDLE = 200_000;
const place = (start: number, isWhole: boolean): number =>
  isWhole ? WHOLE : start === 0 ? BEGINNING : MIDDLE + Math.min(start, 999);

/** Shorter texts match by chance. */
const PINYIN_LETTERS_MIN = 2;
const FUZZY_CHARACTERS_MIN = 3;
const FUZZY_LETTERS_MIN = 4;
/** As long as three syllables: a shorter text is taken for initials. */
const FUZZY_SYLLABLES_LETTERS_MIN = 9;
/** From this length on two mistakes are forgiven. */
const TWO_MISTAKES_CHARACTERS_MIN = 6;

const HAN = /\p{Script=Han}/u;
/** What pinyin and initials are made of: names hold digits and Greek letters too. */
const isSpelling = (text: string): boolean =>
  /^[\p{L}\p{N}]+$/u.test(text) && /\p{L}/u.test(text) && !HAN.test(text);

/**
 * Looks a text up in code sets: by code, by name, by pinyin, and if nothing is found by what sounds or looks alike. The
 * same text and sets give the same answer. A kind of match is tried only while the surer ones leave room below `limit`.
 */
export async function lookupCodes(
  sets: readonly LoadedSet[],
  text: string,
  limit: number,
): Promise<CodeMatch[]> {
  const query = searchable(text);
  if (query === '') return [];
  const words = text.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  const found: Found[] = [];
  const seen = new Set<SetEntry>();
  const search = (match: (entry: SetEntry) => Match | undefined) => {
    for (const [setNo, set] of sets.entries()) {
      for (const entry of set.entries) {
        const result = seen.has(entry) ? undefined : match(entry);
        if (result !== undefined) found.push({ ...result, entry, setNo });
      }
    }
    for (const { entry } of found) seen.add(entry);
  };
  search((entry) => writtenMatch(entry, query, words));
  if (query.length >= PINYIN_LETTERS_MIN && isSpelling(query)) {
    if (found.length < limit) search((entry) => pinyinMatch(entry, query));
    if (found.length < limit) search((entry) => otherReadingMatch(entry, query));
  }
  if (found.length === 0) {
    const sound = HAN.test(query) ? (await loadPinyin())(query).pinyin : '';
    const similar = similarTo(query);
    search((entry) => soundMatch(entry, sound) ?? inOrderMatch(entry, query) ?? similar(entry));
  }
  return found
    .toSorted(bySurety)
    .slice(0, limit)
    .map(({ entry, setNo, kind }) => ({
      code: entry.code,
      name: entry.name,
      set: sets[setNo]!.name,
      match: kind,
    }));
}

const bySurety = (a: Found, b: Found): number =>
  MATCH_KINDS.indexOf(a.kind) - MATCH_KINDS.indexOf(b.kind) ||
  a.within - b.within ||
  (a.kind === 'code' ? byCode(a.entry, b.entry) : 0) ||
  a.entry.name.length - b.entry.name.length ||
  a.setNo - b.setNo ||
  byCode(a.entry, b.entry);

function writtenMatch(entry: SetEntry, query: string, words: readonly string[]): Match | undefined {
  if (entry.code[0]?.toLowerCase() === query[0]) {
    const code = entry.code.toLowerCase();
    if (code.startsWith(query) || withoutPoints(code).startsWith(withoutPoints(query))) {
      return { kind: 'code', within: place(0, code === query) };
    }
  }
  const at = entry.searchable.indexOf(query);
  if (at >= 0) return { kind: 'name', within: place(at, entry.searchable.length === query.length) };
  if (words.length < 2 || !words.every((word) => entry.searchable.includes(word))) return undefined;
  return { kind: 'name', within: MIDDLE + 1_000 };
}

const withoutPoints = (code: string): string => code.replaceAll('.', '');

/** Initials first, which one comparison finds; then syllables, or both mixed. */
function pinyinMatch({ initials, pinyin }: SetEntry, query: string): Match | undefined {
  const at = initials.indexOf(query);
  if (at >= 0) return { kind: 'pinyin', within: place(at, initials.length === query.length) };
  const within = spelled(pinyin, query);
  return within === undefined ? undefined : { kind: 'pinyin', within };
}

function otherReadingMatch({ readings }: SetEntry, query: string): Match | undefined {
  const within = readings === '' ? undefined : spelled(readings, query);
  return within === undefined ? undefined : { kind: 'other-reading', within };
}

/** The rank of the first place where the query is spelled by consecutive characters; undefined when there is none. */
function spelled(readings: string, query: string): number | undefined {
  let character = 0;
  for (let start = 0; start < readings.length; character++) {
    const end = spelledFrom(readings, start, query, 0);
    if (end >= 0) return place(character, character === 0 && end > readings.length);
    const blank = readings.indexOf(' ', start);
    if (blank < 0) return undefined;
    start = blank + 1;
  }
  return undefined;
}

/**
 * Whether the query, from `at` on, is spelled by consecutive characters, each giving the first letter of one of its
 * readings or a whole one, the last also the beginning of one.
 * @param readings those of one character joined by `/`, characters joined by blanks: `zhong/chong zheng`
 * @returns where the character after the last one used starts, beyond the end if there is none; −1 if not spelled
 */
function spelledFrom(readings: string, start: number, query: string, at: number): number {
  if (at === query.length) return start;
  if (start >= readings.length) return -1;
  const blank = readings.indexOf(' ', start);
  const characterEnd = blank < 0 ? readings.length : blank;
  for (let reading = start; reading < characterEnd; ) {
    if (readings[reading] === query[at]) {
      let end = reading + 1;
      let next = at + 1;
      while (next < query.length && end < characterEnd && readings[end] === query[next]) {
        end++;
        next++;
      }
      if (next === query.length) return characterEnd + 1;
      if (end > reading + 1 && (end === characterEnd || readings[end] === '/')) {
        const whole = spelledFrom(readings, characterEnd + 1, query, next);
        if (whole >= 0) return whole;
      }
      const first = spelledFrom(readings, characterEnd + 1, query, at + 1);
      if (first >= 0) return first;
    }
    const slash = readings.indexOf('/', reading);
    reading = slash < 0 || slash > characterEnd ? characterEnd : slash + 1;
  }
  return -1;
}

/** The syllables of the query as consecutive syllables of the name. */
function soundMatch({ pinyin }: SetEntry, sound: string): Match | undefined {
  if (!sound.includes(' ')) return undefined;
  const at = ` ${pinyin} `.indexOf(` ${sound} `);
  if (at < 0) return undefined;
  const start = at === 0 ? 0 : pinyin.slice(0, at - 1).split(' ').length;
  return { kind: 'same-sound', within: place(start, pinyin.length === sound.length) };
}

/** Every character of the query in order: the fewest others that can lie between them. */
function inOrderMatch(entry: SetEntry, query: string): Match | undefined {
  if (!HAN.test(query)) return undefined;
  const name = entry.searchable;
  let fewest: number | undefined;
  for (let start = name.indexOf(query[0]!); start >= 0; start = name.indexOf(query[0]!, start + 1)) {
    let at = start;
    for (let index = 1; index < query.length && at >= 0; index++) at = name.indexOf(query[index]!, at + 1);
    if (at < 0) break;
    const between = at - start + 1 - query.length;
    if (fewest === undefined || between < fewest) fewest = between;
  }
  return fewest === undefined ? undefined : { kind: 'in-order', within: fewest };
}

/** Tells how similar a name is: its characters, or for letters its initials and then its syllables. */
function similarTo(query: string): (entry: SetEntry) => Match | undefined {
  const mistakesIn = leastMistakes(query);
  const matchOf = (text: string, most: number): Match | undefined => {
    const mistakes = mistakesIn(text, most, false);
    if (mistakes > most) return undefined;
    // of equally similar names one that begins like the query, then one of nearly the same length
    const atStart = mistakesIn(text, most, true) === mistakes;
    const difference = Math.min(999, Math.abs(text.length - query.length));
    return { kind: 'similar', within: mistakes * 10_000 + (atStart ? 0 : 1_000) + difference };
  };
  if (HAN.test(query)) {
    if (query.length < FUZZY_CHARACTERS_MIN) return () => undefined;
    const most = query.length < TWO_MISTAKES_CHARACTERS_MIN ? 1 : 2;
    return (entry) => matchOf(entry.searchable, most);
  }
  if (query.length < FUZZY_LETTERS_MIN || !isSpelling(query)) return () => undefined;
  if (query.length < FUZZY_SYLLABLES_LETTERS_MIN) return (entry) => matchOf(entry.initials, 1);
  return (entry) => matchOf(entry.initials, 1) ?? matchOf(entry.pinyin.replaceAll(' ', ''), 2);
}

/**
 * The fewest mistakes (one character wrong, missing, too many, or two changed over) that turn the query into some part of
 * a text, or of its beginning (Sellers' algorithm, with transpositions); any number above `most` when there are more.
 */
function leastMistakes(query: string): (text: string, most: number, fromStart: boolean) => number {
  const length = query.length;
  // cost[i]: mistakes between the first i characters of the query and a part of the text that ends here
  let before = new Int32Array(length + 1);
  let cost = new Int32Array(length + 1);
  let next = new Int32Array(length + 1);
  return (text, most, fromStart) => {
    let missing = 0;
    for (let index = 0; index < length && missing <= most; index++) {
      if (!text.includes(query[index]!)) missing++;
    }
    if (missing > most) return missing;
    for (let index = 0; index <= length; index++) cost[index] = index;
    let best = length;
    for (let at = 0; at < text.length; at++) {
      const character = text[at];
      next[0] = fromStart ? at + 1 : 0;
      for (let index = 1; index <= length; index++) {
        const same = query[index - 1] === character;
        let least = cost[index - 1]! + (same ? 0 : 1);
        if (cost[index]! + 1 < least) least = cost[index]! + 1;
        if (next[index - 1]! + 1 < least) least = next[index - 1]! + 1;
        if (at > 0 && index > 1 && query[index - 2] === character && query[index - 1] === text[at - 1]) {
          if (before[index - 2]! + 1 < least) least = before[index - 2]! + 1;
        }
        next[index] = least;
      }
      [before, cost, next] = [cost, next, before];
      if (cost[length]! < best) best = cost[length]!;
    }
    return best;
  };
}
