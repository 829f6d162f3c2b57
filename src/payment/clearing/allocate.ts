/**
 * Splits `total` (≥ 0, fen) by weights: everyone gets the floor of the exact share, then one fen each goes to the largest
 * remainders, ties to the earlier place, until the total is used up. All shares are 0 when the weights are.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  if (sum === 0n) return weights.map(() => 0n);
  const shares = weights.map((weight) => (weight * total) / sum);
  let left = total - shares.reduce((all, share) => all + share, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (weight * total) % sum }))
    .toSorted((a, b) =>
      a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
    );
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    shares[index]! += 1n;
    left -= 1n;
  }
  return shares;
}
