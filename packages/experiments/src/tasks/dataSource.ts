/** Where tasks find their data. */
export interface DataSource {
  /** The folder to look in, and in no other; where absent, the usual ones. */
  readonly folder?: string;
  /** Takes a line for each file that does not have its published digest. */
  readonly warn?: (line: string) => void;
}

let current: DataSource = {};

/** Where the tasks created now find their data. */
export const dataSource = (): DataSource => current;

/** What `work` comes to with tasks finding their data there. One such piece of work at a time. */
export async function withDataFrom<T>(source: DataSource, work: () => Promise<T>): Promise<T> {
  const before = current;
  current = source;
  try {
    return await work();
  } finally {
    current = before;
  }
}
