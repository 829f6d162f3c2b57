import type { OptionOf } from '#policy/index.ts';

export const VOTES = ['pass', 'reject', 'abstain'] as const;
/** How a case that passes is paid: its cost (fee for service), an amount, or points (an adjusted standard). */
export const GRANTS = ['cost', 'amount', 'points'] as const;
export type Grant = (typeof GRANTS)[number];

export type Vote = {
  readonly expertCode: string;
  readonly vote: (typeof VOTES)[number];
  /** of a vote to pass */
  readonly grant: Grant | undefined;
  readonly amountFen: bigint | undefined;
  readonly points4: bigint | undefined;
};

export type VoteRules = {
  /** votes for and against at least; abstentions do not count */
  readonly minimumVotes: number;
  readonly abstention: OptionOf<'review.abstention'>;
  readonly amount: OptionOf<'review.amount'>;
};

/** Why it came out as it did. Without a decision the panel votes again. */
export type VoteBasis = 'majority' | 'no-majority' | 'no-quorum' | 'grants-tied' | 'amounts-differ';

export type VoteResult = {
  readonly outcome: Grant | 'rejected' | 'undecided';
  readonly basis: VoteBasis;
  readonly amountFen: bigint | undefined;
  readonly points4: bigint | undefined;
  readonly votesFor: number;
  readonly votesAgainst: number;
  /** members who abstained or did not vote */
  readonly abstained: number;
};

/**
 * What a panel decided. A majority of all members (abstention `as-rejection`) or of the votes for and against
 * (`left-out`) passes; a tie does not. How to pay is what most of the votes to pass say.
 * Source: docs/domain/review.md#decision; no national text has a rule of voting.
 */
export function countVotes(members: number, votes: readonly Vote[], rules: VoteRules): VoteResult {
  const inFavour = votes.filter(({ vote }) => vote === 'pass');
  const votesFor = inFavour.length;
  const votesAgainst = votes.filter(({ vote }) => vote === 'reject').length;
  const counts = { votesFor, votesAgainst, abstained: members - votesFor - votesAgainst };
  const without = (outcome: 'rejected' | 'undecided', basis: VoteBasis): VoteResult => ({
    outcome,
    basis,
    amountFen: undefined,
    points4: undefined,
    ...counts,
  });
  if (votesFor + votesAgainst < rules.minimumVotes) return without('undecided', 'no-quorum');
  const passes = rules.abstention === 'as-rejection' ? votesFor * 2 > members : votesFor > votesAgainst;
  if (!passes) return without('rejected', 'no-majority');

  const byGrant = GRANTS.map((grant) => ({ grant, votes: inFavour.filter((each) => each.grant === grant) }));
  const most = Math.max(...byGrant.map((each) => each.votes.length));
  const leading = byGrant.filter((each) => each.votes.length === most);
  if (leading.length > 1) return without('undecided', 'grants-tied');
  const { grant, votes: agreeing } = leading[0]!;
  const passed = (amountFen?: bigint, points4?: bigint): VoteResult => ({
    outcome: grant,
    basis: 'majority',
    amountFen,
    points4,
    ...counts,
  });
  if (grant === 'cost') return passed();
  const values = agreeing.map((each) => (grant === 'amount' ? each.amountFen! : each.points4!));
  const agreed = agreedValue(values, rules.amount);
  if (agreed === undefined) return without('undecided', 'amounts-differ');
  return grant === 'amount' ? passed(agreed) : passed(undefined, agreed);
}

/** The value the votes amount to; of an even number of them the median is the lower of the middle two. */
function agreedValue(values: readonly bigint[], rule: VoteRules['amount']): bigint | undefined {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (rule === 'lowest') return sorted[0];
  if (rule === 'median') return sorted[Math.floor((sorted.length - 1) / 2)];
  return sorted[0] === sorted.at(-1) ? sorted[0] : undefined;
}
