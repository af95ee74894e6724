/** A run folder that cannot be begun in, gone on with or written to. */
export class RunFolderError extends Error {
  override readonly name = "RunFolderError";
}

/** A checkpoint that is missing, damaged, of another run or of another program. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

/** A run asked to go on as another run than it is. */
export class ConfigurationMismatchError extends Error {
  override readonly name = "ConfigurationMismatchError";
}

/** A run for which there is not enough memory, known before it begins. */
export class MemoryError extends Error {
  override readonly name = "MemoryError";
}
