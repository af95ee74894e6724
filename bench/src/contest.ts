import { disagreement } from "./agreement.ts";
import { type Seconds, summary } from "./statistics.ts";
import { calibrate, type Pace, time } from "./timing.ts";
import { type Contender, firstLine, isAbsent, type Workload } from "./workload.ts";

/** How one contender did at one workload. */
export interface Row {
  readonly workload: string;
  readonly contender: string;
  /** Is it somebody else's library? */
  readonly peer: boolean;
  readonly unit: string;
  /** On data where it computes. */
  readonly seconds?: Seconds;
  /** `work` a second at the median. */
  readonly rate?: number;
  /** From plain arrays to plain arrays. */
  readonly withCopies?: Seconds;
  /** This contender's median over ours: above 1, ours is faster. */
  readonly ratio?: number;
  /** Why there is no time. */
  readonly trouble?: string;
  /** Is the trouble a wrong result? */
  readonly wrong?: boolean;
  /** Were its results compared with the first contender's? */
  readonly compared: boolean;
}

/** One way in which a contender is timed. */
interface Lane {
  readonly prepare: (() => unknown) | undefined;
  readonly run: () => unknown;
  repetitions: number;
  rounds: number;
  readonly times: number[];
}

interface Entrant {
  readonly name: string;
  readonly contender: Contender | null;
  readonly lanes: Lane[];
  trouble?: string;
  wrong?: boolean;
  compared?: boolean;
}

/**
 * Checks that the contenders agree with the first, warms them up, and times them in turns, so that a drift of the machine meets all alike. Whoever is absent,
 * fails or disagrees is in the table with the reason, and is not timed. No pace: everyone runs once.
 */
export async function contest(workload: Workload, pace: Pace | null): Promise<readonly Row[]> {
  const entrants = workload.contenders.map((c): Entrant => {
    return isAbsent(c) ? { name: c.name, contender: null, lanes: [], trouble: c.reason } : { name: c.name, contender: c, lanes: [] };
  });
  try {
    await check(entrants, workload.tolerance);
    if (pace) await race(entrants, pace);
    else await each(entrants, once);
  } finally {
    for (const { contender } of entrants) await contender?.close?.();
  }
  return rows(workload, entrants);
}

/** Runs `body` for everyone still in the contest; who throws is out. */
async function each(entrants: readonly Entrant[], body: (contender: Contender, entrant: Entrant) => Promise<void>): Promise<void> {
  for (const entrant of entrants) {
    const { contender, trouble } = entrant;
    if (!contender || trouble !== undefined) continue;
    await body(contender, entrant).catch((error) => {
      entrant.trouble = `fails: ${firstLine(error)}`;
    });
  }
}

async function check(entrants: readonly Entrant[], tolerance: number): Promise<void> {
  let first: ArrayLike<number> | null = null;
  await each(entrants, async (contender, entrant) => {
    await contender.prepare?.();
    const result = await contender.result?.();
    if (!result) return;
    first ??= result;
    entrant.compared = true;
    const trouble = disagreement(first, result, tolerance);
    if (trouble) Object.assign(entrant, { trouble, wrong: true });
  });
}

async function once(contender: Contender): Promise<void> {
  await contender.prepare?.();
  await contender.run();
  await contender.withCopies?.();
}

async function race(entrants: readonly Entrant[], pace: Pace): Promise<void> {
  await each(entrants, async (contender, { lanes }) => {
    for (const work of [contender.run, contender.withCopies]) {
      if (!work) continue;
      const lane: Lane = { prepare: contender.prepare?.bind(contender), run: work.bind(contender), repetitions: 1, rounds: 0, times: [] };
      lanes.push(Object.assign(lane, await calibrate(lane, pace)));
    }
  });
  for (let round = 0; round < pace.rounds; round++) {
    await each(entrants, async (_, { lanes }) => {
      for (const lane of lanes) {
        if (round >= lane.rounds) continue;
        await lane.prepare?.();
        lane.times.push(await time(lane, lane.repetitions, pace.clock));
      }
    });
  }
}

function rows({ name, work, unit }: Workload, entrants: readonly Entrant[]): readonly Row[] {
  const best = entrants[0]?.lanes[0]?.times;
  return entrants.map(({ name: contender, contender: who, lanes: [own, copies], trouble, wrong, compared }): Row => {
    const row = { workload: name, contender, peer: who?.peer === true, unit, compared: compared === true };
    if (trouble !== undefined) return { ...row, trouble, wrong: wrong === true };
    if (!own || own.times.length === 0) return row;
    const seconds = summary(own.times);
    return {
      ...row,
      seconds,
      rate: work / seconds.median,
      ...(best ? { ratio: seconds.median / summary(best).median } : {}),
      ...(copies ? { withCopies: summary(copies.times) } : {}),
    };
  });
}
