import { newtonsLoss } from "./newtonsLoss.ts";

/**
 * Has a run of the bowl lost the minimum? Whoever stands still loses ½ σ² tr H more at every evaluation, without end; a score of more than a hundred
 * times that is of a run that no longer tracks.
 */
export const hasLostMinimum = (score: number): boolean => score > 100 * newtonsLoss;
