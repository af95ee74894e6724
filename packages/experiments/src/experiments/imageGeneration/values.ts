import type { ImageTaskValues } from "../images/values.ts";

export const imageGenerationValues: ImageTaskValues = {
  task: "image-generation",
  lost: {
    rmsprop: { learningRate: 3e-5 },
    lars: { weightDecay: 1e-5 },
    "lodo-global": { metaLearningRate: 1e-5 },
    "lodo-residuals": { metaLearningRate: 1e-5 },
  },
};
