/** A mean of numbers that come one by one, and its standard error: the deviation over √count, NaN of a single one. Welford's recurrence. */
export class RunningMean {
  count = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    this.count++;
    const step = value - this.mean;
    this.mean += step / this.count;
    this.#squares += step * (value - this.mean);
  }

  get standardError(): number {
    return Math.sqrt(this.#squares / (this.count - 1) / this.count);
  }
}
