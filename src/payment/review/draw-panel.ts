import { createHash } from 'node:crypto';
import { byText } from '#kernel/text-order.ts';

export type Expert = {
  readonly code: string;
  readonly name: string;
  /** where the expert works; empty for one who works in no institution */
  readonly institutions: readonly string[];
  readonly specialties: readonly string[];
  readonly activeFrom: Temporal.PlainDate;
  /** the last day; undefined: still active */
  readonly activeUntil: Temporal.PlainDate | undefined;
};

/** A conflict of interest an expert has declared, with an institution or with one case. */
export type DeclaredConflict = {
  readonly expertCode: string;
  readonly fixmedinsCode: string | undefined;
  readonly setlId: string | undefined;
  /** a panel drawn before did not know of it */
  readonly declaredOn: Temporal.PlainDate;
  /** the last day it holds; undefined: it holds still */
  readonly until: Temporal.PlainDate | undefined;
};

export const PANEL_KINDS = ['first', 'appeal'] as const;
export type PanelKind = (typeof PANEL_KINDS)[number];

/** A seat on a panel of an earlier day. */
export type PastSeat = {
  readonly expertCode: string;
  readonly setlId: string;
  readonly fixmedinsCode: string;
  readonly kind: PanelKind;
  readonly drawnOn: Temporal.PlainDate;
};

export type PanelQuestion = {
  readonly setlId: string;
  /** the institution that applies */
  readonly fixmedinsCode: string;
  /** each must be held by at least one member */
  readonly specialties: readonly string[];
  readonly kind: PanelKind;
  readonly drawnOn: Temporal.PlainDate;
  readonly seed: string;
};

export type PanelRules = {
  /** members wanted, odd */
  readonly size: number;
  /** members at least, odd */
  readonly minimum: number;
  readonly conflictMonths: number;
};

export const EXCLUSIONS = [
  'not-active',
  'other-specialty',
  'own-institution',
  'declared-conflict',
  'first-panel',
  'same-applicant',
] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

export type Panel = {
  /** in the order drawn */
  readonly members: readonly { readonly expertCode: string; readonly specialties: readonly string[] }[];
  readonly candidates: number;
  /** of question and candidates: two draws with equal hashes had the same to draw from */
  readonly poolSha256: string;
};

/** Why no lawful panel can be drawn. */
export type NoPanel = {
  readonly refused: 'no-expert-of-specialty' | 'too-few-experts';
  /** the specialties without a candidate */
  readonly specialties: readonly string[];
  readonly candidates: number;
  /** members a lawful panel would have at least */
  readonly needed: number;
  readonly excluded: Readonly<Record<Exclusion, number>>;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const { compare } = Temporal.PlainDate;

/** Why an expert cannot sit on the panel, the first reason that holds; undefined: the expert is a candidate. */
export function exclusionOf(
  expert: Expert,
  question: PanelQuestion,
  rules: PanelRules,
  conflicts: readonly DeclaredConflict[],
  seats: readonly PastSeat[],
): Exclusion | undefined {
  const { setlId, fixmedinsCode, drawnOn } = question;
  if (compare(expert.activeFrom, drawnOn) > 0) return 'not-active';
  if (expert.activeUntil !== undefined && compare(expert.activeUntil, drawnOn) < 0) return 'not-active';
  if (!expert.specialties.some((each) => question.specialties.includes(each))) return 'other-specialty';
  if (expert.institutions.includes(fixmedinsCode)) return 'own-institution';
  const declared = conflicts.some(
    (conflict) =>
      conflict.expertCode === expert.code &&
      (conflict.fixmedinsCode === fixmedinsCode || conflict.setlId === setlId) &&
      compare(conflict.declaredOn, drawnOn) <= 0 &&
      (conflict.until === undefined || compare(conflict.until, drawnOn) >= 0),
  );
  if (declared) return 'declared-conflict';
  const own = seats.filter((seat) => seat.expertCode === expert.code);
  if (question.kind === 'appeal' && own.some((seat) => seat.setlId === setlId && seat.kind === 'first')) {
    return 'first-panel';
  }
  const since = drawnOn.subtract({ months: rules.conflictMonths });
  const recent = own.some(
    (seat) =>
      seat.fixmedinsCode === fixmedinsCode &&
      compare(seat.drawnOn, drawnOn) < 0 &&
      compare(seat.drawnOn, since) >= 0,
  );
  return rules.conflictMonths > 0 && recent ? 'same-applicant' : undefined;
}

/** Where an expert stands in the draw for a case: by this hash, ascending. Anyone can work it out again. */
export const drawKey = ({ seed, kind, drawnOn, setlId }: PanelQuestion, expertCode: string): string =>
  sha256([seed, kind, drawnOn.toString(), setlId, expertCode].join('\n'));

/**
 * Draws the panel for one case. The candidates stand in the order of their hashes; each specialty of the case takes its
 * first one, the rest of the seats go to those who come next. The same question and register give the same panel,
 * whatever the order of the files and whichever other cases are drawn.
 * Source: procedures of 2025 article 41 (avoidance), docs/domain/review.md#panel; the way of drawing is a choice.
 */
export function drawPanel(
  experts: readonly Expert[],
  question: PanelQuestion,
  rules: PanelRules,
  conflicts: readonly DeclaredConflict[],
  seats: readonly PastSeat[],
): Panel | NoPanel {
  const excluded = Object.fromEntries(EXCLUSIONS.map((reason) => [reason, 0])) as Record<Exclusion, number>;
  const candidates: { readonly expert: Expert; readonly key: string }[] = [];
  for (const expert of experts) {
    const reason = exclusionOf(expert, question, rules, conflicts, seats);
    if (reason === undefined) candidates.push({ expert, key: drawKey(question, expert.code) });
    else excluded[reason] += 1;
  }
  candidates.sort((a, b) => byText(a.key, b.key) || byText(a.expert.code, b.expert.code));

  const specialties = [...new Set(question.specialties)].sort(byText);
  const needed = Math.max(rules.minimum, odd(specialties.length));
  const without = specialties.filter(
    (each) => !candidates.some(({ expert }) => expert.specialties.includes(each)),
  );
  if (without.length > 0 || candidates.length < needed) {
    const refused = without.length > 0 ? 'no-expert-of-specialty' : 'too-few-experts';
    return { refused, specialties: without, candidates: candidates.length, needed, excluded };
  }

  const most = Math.min(Math.max(rules.size, needed), candidates.length);
  const size = most % 2 === 1 ? most : most - 1;
  const seated = new Set<Expert>();
  for (const specialty of specialties) {
    if ([...seated].some((expert) => expert.specialties.includes(specialty))) continue;
    seated.add(candidates.find(({ expert }) => expert.specialties.includes(specialty))!.expert);
  }
  for (const { expert } of candidates) {
    if (seated.size >= size) break;
    seated.add(expert);
  }
  const codes = candidates.map(({ expert }) => expert.code).sort(byText);
  return {
    members: candidates
      .filter(({ expert }) => seated.has(expert))
      .map(({ expert }) => ({
        expertCode: expert.code,
        specialties: specialties.filter((each) => expert.specialties.includes(each)),
      })),
    candidates: candidates.length,
    poolSha256: sha256(
      JSON.stringify([
        question.seed,
        question.kind,
        question.drawnOn.toString(),
        question.setlId,
        question.fixmedinsCode,
        specialties,
        rules.size,
        rules.minimum,
        codes,
      ]),
    ),
  };
}

/** The smallest odd number that is not below. */
const odd = (count: number): number => (count % 2 === 1 ? count : count + 1);
