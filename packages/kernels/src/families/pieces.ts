/** So many pieces are enough for any crew; more would only take room. */
const MOST = 16;
/** Room for the sums of all pieces, in bytes. */
const ROOM = 2 ** 22;

/**
 * How many pieces a sum over n images falls into, where the sums of a piece take so many bytes. It depends on nothing else, so that the result has
 * the same bits on any number of threads.
 */
export function piecesOf(n: number, bytes: number): { readonly pieces: number; readonly perPiece: number } {
  const perPiece = Math.max(1, Math.ceil(n / Math.max(1, Math.min(MOST, Math.floor(ROOM / bytes)))));
  // One piece at least: it is the zeros of an empty sum.
  return { pieces: Math.max(1, Math.ceil(n / perPiece)), perPiece };
}
