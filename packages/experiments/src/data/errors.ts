/** Image data that is not there, not readable, not of its form, or not what it is called. */
export class DataError extends Error {
  override readonly name = "DataError";
}
