/** The results of the checks and experiments, drawn and written. */
export { checksText } from "./checksText.ts";
export { plotSvg } from "./plotSvg.ts";
export { reportHtml } from "./reportHtml.ts";
export { type ReportPaths, writeReport } from "./writeReport.ts";
