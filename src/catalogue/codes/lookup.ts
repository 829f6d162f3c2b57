import { loadPinyin, searchable, spokenCharacters } from '#catalogue/codes/pinyin.ts';
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
  /** a name with one or two characters (or letters of its initials) wrong, missing or too many */
  'similar',
] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

export type CodeMatch = {
  readonly code: string;
  readonly name: string;
  readonly set: string;
  readonly match: MatchKind;
};

type Found = CodeMatch & { readonly rank: number; readonly setNo: number };

/** Weighs more than any rank within a kind. */
const KIND_WEIGHT = 1_000_000;
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
/** From this length on two mistakes are forgiven. */
const TWO_MISTAKES_CHARACTERS_MIN = 6;

/**
 * Looks a text up in code sets: by code, by name, by pinyin, and if need be by what sounds or looks alike. The uncertain
 * kinds (same-sound and below) are tried only when nothing surer is found. The same text and sets give the same answer.
 */
export async function lookupCodes(
  sets: readonly LoadedSet[],
  text: string,
  limit: number,
): Promise<CodeMatch[]> {
  const query = searchable(text);
  if (query === '') return [];
  const words = text.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  let found = search(sets, (entry, set) => sureMatch(entry, set, query, words));
  if (found.length === 0 && HAN.test(query)) {
    const sound = (await loadPinyin()).syllablesOf(query);
    if (sound.length > 1) found = search(sets, (entry) => soundMatch(entry, sound));
  }
  if (found.length === 0) found = search(sets, (entry) => looseMatch(entry, query));
  return found
    .toSorted(
      (a, b) =>
        a.rank - b.rank ||
        a.name.length - b.name.length ||
        a.setNo - b.setNo ||
        (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
    )
    .slice(0, limit)
    .map(({ code, name, set, match }) => ({ code, name, set, match }));
}

const HAN = /\p{Script=Han}/u;
const LATIN = /^[a-z0-9]*[a-z][a-z0-9]*$/;

/** A kind of match and the rank within it, the lower the better. */
type Match = { readonly kind: MatchKind; readonly within: number };

function search(
  sets: readonly LoadedSet[],
  match: (entry: SetEntry, set: LoadedSet) => Match | undefined,
): Found[] {
  const found: Found[] = [];
  for (const [setNo, set] of sets.entries()) {
    for (const entry of set.entries) {
      const result = match(entry, set);
      if (result === undefined) continue;
      const { code, name } = entry;
      const rank = MATCH_KINDS.indexOf(result.kind) * KIND_WEIGHT + result.within;
      found.push({ code, name, set: set.name, match: result.kind, rank, setNo });
    }
  }
  return found;
}

function sureMatch(
  entry: SetEntry,
  set: LoadedSet,
  query: string,
  words: readonly string[],
): Match | undefined {
  const code = entry.code.toLowerCase();
  if (code.startsWith(query) || withoutPoints(code).startsWith(withoutPoints(query) || query)) {
    return { kind: 'code', within: place(0, code === query) };
  }
  const name = searchable(entry.name);
  const at = name.indexOf(query);
  if (at >= 0) return { kind: 'name', within: place(at, name.length === query.length) };
  if (words.length > 1 && words.every((word) => name.includes(word))) {
    return { kind: 'name', within: MIDDLE + 1_000 };
  }
  if (query.length < PINYIN_LETTERS_MIN || !LATIN.test(query)) return undefined;
  return pinyinMatch(entry, query) ?? otherReadingMatch(entry, set, query);
}

const withoutPoints = (code: string): string => code.replaceAll('.', '');

/** Initials first, which one comparison finds; then syllables, or both mixed. */
function pinyinMatch(entry: SetEntry, query: string): Match | undefined {
  const at = entry.initials.indexOf(query);
  if (at >= 0) return { kind: 'pinyin', within: place(at, entry.initials.length === query.length) };
  if (!entry.initials.includes(query[0]!)) return undefined;
  const within = spelledAt(
    entry.pinyin.split(' ').map((syllable) => [syllable]),
    query,
  );
  return within === undefined ? undefined : { kind: 'pinyin', within };
}

function otherReadingMatch(entry: SetEntry, set: LoadedSet, query: string): Match | undefined {
  let hasSeveral = false;
  const characters = spokenCharacters(searchable(entry.name));
  const usual = entry.pinyin.split(' ');
  const readings = usual.map((syllable, index) => {
    const others = set.readings.get(characters[index] ?? '');
    if (others === undefined) return [syllable];
    hasSeveral = true;
    return others;
  });
  const within = hasSeveral ? spelledAt(readings, query) : undefined;
  return within === undefined ? undefined : { kind: 'other-reading', within };
}

/**
 * Where a query is spelled by consecutive characters of a name, each giving its first letter or a whole syllable, the
 * last one also the beginning of a syllable. The rank of the first place; undefined when there is none.
 */
function spelledAt(readings: readonly (readonly string[])[], query: string): number | undefined {
  for (let start = 0; start < readings.length; start++) {
    const end = spelledFrom(readings, start, query, 0);
    if (end !== undefined) return place(start, start === 0 && end === readings.length);
  }
  return undefined;
}

/** The index after the last character used; the fewest characters that do. */
function spelledFrom(
  readings: readonly (readonly string[])[],
  index: number,
  query: string,
  at: number,
): number | undefined {
  if (at === query.length) return index;
  const syllables = readings[index];
  if (syllables === undefined) return undefined;
  for (const syllable of syllables) {
    if (syllable[0] !== query[at]) continue;
    if (syllable.length > 1) {
      if (query.startsWith(syllable, at)) {
        const end = spelledFrom(readings, index + 1, query, at + syllable.length);
        if (end !== undefined) return end;
      } else if (syllable.startsWith(query.slice(at))) return index + 1;
    }
    const end = spelledFrom(readings, index + 1, query, at + 1);
    if (end !== undefined) return end;
  }
  return undefined;
}

/** The syllables of the query as consecutive syllables of the name. */
function soundMatch(entry: SetEntry, sound: readonly string[]): Match | undefined {
  const spoken = ` ${entry.pinyin} `;
  const at = spoken.indexOf(` ${sound.join(' ')} `);
  if (at < 0) return undefined;
  const start = spoken.slice(0, at).split(' ').length - 1;
  return { kind: 'same-sound', within: place(start, spoken.length === sound.join(' ').length + 2) };
}

function looseMatch(entry: SetEntry, query: string): Match | undefined {
  if (HAN.test(query)) {
    const name = searchable(entry.name);
    const gaps = gapsInOrder(name, query);
    if (gaps !== undefined) return { kind: 'in-order', within: gaps };
    const length = [...query].length;
    if (length < FUZZY_CHARACTERS_MIN) return undefined;
    return similarMatch(query, name, length < TWO_MISTAKES_CHARACTERS_MIN ? 1 : 2);
  }
  if (query.length < FUZZY_LETTERS_MIN || !LATIN.test(query)) return undefined;
  const inOrder = gapsInOrder(entry.initials, query);
  if (inOrder !== undefined) return { kind: 'in-order', within: inOrder };
  return (
    similarMatch(query, entry.initials, 1) ??
    (query.length < TWO_MISTAKES_CHARACTERS_MIN * 2
      ? undefined
      : similarMatch(query, entry.pinyin.replaceAll(' ', ''), 2))
  );
}

/** Characters of the name between those of the query, when they all stand in it in this order; the fewest there can be. */
function gapsInOrder(name: string, query: string): number | undefined {
  let best: number | undefined;
  for (let start = name.indexOf(query[0]!); start >= 0; start = name.indexOf(query[0]!, start + 1)) {
    let at = start;
    for (let index = 1; index < query.length && at >= 0; index++) at = name.indexOf(query[index]!, at + 1);
    if (at < 0) break;
    const gaps = at - start + 1 - query.length;
    if (best === undefined || gaps < best) best = gaps;
  }
  return best;
}

/** The fewest mistakes that turn the query into a part of the text (Sellers' algorithm), when there are at most `most`. */
function similarMatch(query: string, text: string, most: number): Match | undefined {
  let shared = 0;
  for (const character of query) if (text.includes(character)) shared++;
  if (shared < query.length - most) return undefined;
  // column[i]: mistakes between the first i characters of the query and a part of the text that ends here
  let column = Array.from({ length: query.length + 1 }, (_, index) => index);
  let best = column[query.length]!;
  for (const character of text) {
    const next = [0];
    for (let index = 1; index <= query.length; index++) {
      const swap = column[index - 1]! + (query[index - 1] === character ? 0 : 1);
      next.push(Math.min(swap, column[index]! + 1, next[index - 1]! + 1));
    }
    column = next;
    best = Math.min(best, column[query.length]!);
  }
  // of equally similar names the one of nearly the same length
  const length = Math.min(999, Math.abs(text.length - query.length));
  return best > most ? undefined : { kind: 'similar', within: best * 1_000 + length };
}
