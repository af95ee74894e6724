import type { JudgedColumns } from "../images/imageRun.ts";

export const testLoss = "test loss on CIFAR-10";
export const testAccuracy = "test accuracy on CIFAR-10";

/** The columns of Table 4, and the test loss. */
export const columns: JudgedColumns = {
  training: "training loss on CIFAR-10",
  judged: { [testAccuracy]: "test accuracy", [testLoss]: "test loss" },
};
