import type { MeasuredTask } from "../tasks/task.ts";
import { scoreWindow } from "../windows.ts";
import type { RunConfiguration } from "./configuration.ts";
import { ConfigurationMismatchError } from "./errors.ts";
import { plansAhead } from "./simulate.ts";
import type { Tally } from "./tally.ts";

/**
 * The tally so far of a run that is made longer: what it had scored is not the last tenth of the longer one.
 * @throws ConfigurationMismatchError if its steps would have been others, its last step is recorded in part, or what is to be scored has begun already.
 */
export function lengthen(where: string, tally: Tally, there: RunConfiguration, here: RunConfiguration, task: MeasuredTask): Tally {
  const { evaluations: done } = tally;
  const change = `steps: ${there.steps} there, ${here.steps} here`;
  if (plansAhead(here, task)) {
    throw new ConfigurationMismatchError(
      `${where} is another run than the one asked for: ${change}, and ${here.optimizer} plans its steps by the run's length`,
    );
  }
  if (tally.cut) {
    throw new ConfigurationMismatchError(
      `${where} cannot be made longer: it ended within a step of ${here.optimizer}, whose other evaluations are not recorded; ${change}`,
    );
  }
  const [first] = scoreWindow(here.steps);
  if (done >= first) {
    throw new ConfigurationMismatchError(
      `expected at least ${Math.ceil((10 * done) / 9)} steps, so that the last tenth, whose mean is reported, begins after the ${done} evaluations done ` +
        `in ${where}; ${change}`,
    );
  }
  return { ...tally, tailSum: 0, tailCount: 0 };
}
