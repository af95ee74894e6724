/** ½ σ² tr H at n = 100, σ = 1: the expected loss on the bowl of a method that jumps to the last centre at every step (Section 5.1). */
export const newtonsLoss = 7.41;
