import type { RegisteredTask } from "../task.ts";
import { beale } from "./beale.ts";
import { biggsExp6 } from "./biggsExp6.ts";
import { box } from "./box.ts";
import { brownBadlyScaled } from "./brownBadlyScaled.ts";
import { brownDennis } from "./brownDennis.ts";
import { chebyquad } from "./chebyquad.ts";
import { extendedPowellSingular } from "./extendedPowellSingular.ts";
import { extendedRosenbrock } from "./extendedRosenbrock.ts";
import { gaussian } from "./gaussian.ts";
import { gulf } from "./gulf.ts";
import { helicalValley } from "./helicalValley.ts";
import { penalty1 } from "./penalty1.ts";
import { penalty2 } from "./penalty2.ts";
import { powellBadlyScaled } from "./powellBadlyScaled.ts";
import { trigonometric } from "./trigonometric.ts";
import { variablyDimensioned } from "./variablyDimensioned.ts";
import { watson } from "./watson.ts";
import { wood } from "./wood.ts";

/** The unconstrained minimisation problems of Moré, Garbow & Hillstrom 1981, in the order in which their paper lists them. */
export const moreGarbowHillstrom: readonly RegisteredTask[] = [
  helicalValley,
  biggsExp6,
  gaussian,
  powellBadlyScaled,
  box,
  variablyDimensioned,
  watson,
  penalty1,
  penalty2,
  brownBadlyScaled,
  brownDennis,
  gulf,
  trigonometric,
  extendedRosenbrock,
  extendedPowellSingular,
  beale,
  wood,
  chebyquad,
];
