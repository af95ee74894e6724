import type { ImageTaskValues } from "../images/values.ts";

export const imageClassificationValues: ImageTaskValues = {
  task: "image-classification",
  lost: {
    // Where ρ is small a step is about one rate wide and the momentum sums up sixteen of them: that is Adam's rate, 0.00043.
    rmsprop: { learningRate: 3e-5 },
    lars: { weightDecay: 1e-5 },
  },
};
