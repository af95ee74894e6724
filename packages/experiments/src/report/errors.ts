/** A report's folder that cannot be written to, or does not hold what a report is made of. */
export class ReportFolderError extends Error {
  override readonly name = "ReportFolderError";
}
