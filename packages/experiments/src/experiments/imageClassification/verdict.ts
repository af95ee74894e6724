import type { Verdict } from "../experiment.ts";
import { inOrder, ranked } from "../images/standing.ts";
import { type Row, rowOf } from "../row.ts";
import { columns, testAccuracy } from "./columns.ts";

/** Those that the paper calls the best-performing ones. */
const best = ["adam", "yogi", "momentum", "lars"];

/** How much larger a training loss may be, as a fraction, and how much smaller a test accuracy, before one optimizer is noticeably worse than another. */
const noticeable = { loss: 0.1, accuracy: 0.03 };

/** What an optimizer has in the two columns of Table 4; null where it has no result. */
interface Standing {
  readonly loss: number;
  readonly accuracy: number;
}

function standingOf(rows: readonly Row[], name: string): Standing | null {
  const [loss, accuracy] = [columns.training, testAccuracy].map((column) => rowOf(rows, name, column).mean);
  return loss == null || accuracy == null ? null : { loss, accuracy };
}

/** Is one not noticeably worse than the other, in either column? */
const keepsUpWith = (one: Standing, other: Standing): boolean =>
  one.loss <= (1 + noticeable.loss) * other.loss && one.accuracy >= other.accuracy - noticeable.accuracy;

/** Is LODO as good as the best of Adam, Yogi, momentum and LARS in each column, and RMSprop noticeably worse than LODO in one and better in none? */
export function verdict(rows: readonly Row[]): Verdict {
  const lodo = standingOf(rows, "lodo");
  const others = best.flatMap((name) => standingOf(rows, name) ?? []);
  if (lodo === null || others.length === 0)
    return { holds: false, words: lodo === null ? "lodo has no result." : "none of the others has a result." };
  const leading = { loss: Math.min(...others.map(({ loss }) => loss)), accuracy: Math.max(...others.map(({ accuracy }) => accuracy)) };
  const competitive = keepsUpWith(lodo, leading);
  const outperforms = isOutperformed(rows, lodo);
  const words = [
    `to be noticeably worse is taken as a training loss more than ${100 * noticeable.loss}% larger, or a test accuracy more than ${noticeable.accuracy} smaller;`,
    `LODO is ${competitive ? "not " : ""}noticeably worse than the best of ${best.join(", ")}, and RMSprop is ${outperforms ? "" : "not "}noticeably worse than LODO:`,
    `by training loss on CIFAR-10 ${inOrder(ranked(rows, columns.training))};`,
    `by test accuracy ${inOrder(ranked(rows, testAccuracy, "greatest"))}.`,
  ];
  return { holds: competitive && outperforms, words: words.join(" ") };
}

/** Where RMSprop was run: an RMSprop of which every run diverged is worse than anything. */
function isOutperformed(rows: readonly Row[], lodo: Standing): boolean {
  const rmsprop = standingOf(rows, "rmsprop");
  if (rmsprop === null) return rows.some(({ name, diverged }) => name === "rmsprop" && diverged > 0);
  return !keepsUpWith(rmsprop, lodo) && rmsprop.loss >= lodo.loss && rmsprop.accuracy <= lodo.accuracy;
}
